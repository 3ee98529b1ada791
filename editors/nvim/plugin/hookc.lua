-- From 0.11 on Neovim starts the server by itself; before, lua/hookc.lua does.
if vim.lsp.enable then
  vim.lsp.enable('hookc')
end
