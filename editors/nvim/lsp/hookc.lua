-- The language server, as Neovim 0.11 and later look for it.
return {
  cmd = { 'hookc', 'lsp' },
  filetypes = { 'hook' },
  root_markers = { 'hook.toml', '.git' },
}
