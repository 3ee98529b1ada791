" Comments and indentation of Hook files; what Neovim adds is in lua/hookc.lua.

if exists('b:did_ftplugin')
  finish
endif
let b:did_ftplugin = 1

setlocal commentstring=//\ %s comments=:///,:// formatoptions-=t formatoptions+=croql
setlocal expandtab shiftwidth=2 softtabstop=2 suffixesadd=.hook
let b:undo_ftplugin = 'setlocal commentstring< comments< formatoptions< expandtab< shiftwidth< softtabstop< suffixesadd<'

if has('nvim')
  lua require('hookc').attach()
endif
