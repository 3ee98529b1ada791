-- What a buffer with a Hook file gets: colours by its tree where the parser is installed, and the language server.

local M = {}

--- The folder of the project: the nearest one upwards with a `hook.toml` or a repository, else that of the file.
local function root(file)
  local folder = vim.fn.fnamemodify(file, ':p:h')
  for _, marker in ipairs({ 'hook.toml', '.git' }) do
    for _, found in ipairs({ vim.fn.findfile(marker, folder .. ';'), vim.fn.finddir(marker, folder .. ';') }) do
      if found ~= '' then
        return vim.fn.fnamemodify(found, ':p'):gsub('/$', ''):gsub('/[^/]*$', '')
      end
    end
  end
  return folder
end

--- One client for each project, for versions without `vim.lsp.start`.
local clients = {}

local function start(buffer)
  local config = { name = 'hookc', cmd = { 'hookc', 'lsp' }, root_dir = root(vim.api.nvim_buf_get_name(buffer)) }
  if vim.lsp.start then
    vim.lsp.start(config)
    return
  end
  local known = clients[config.root_dir]
  if not (known and vim.lsp.get_client_by_id(known)) then
    clients[config.root_dir] = vim.lsp.start_client(config)
  end
  vim.lsp.buf_attach_client(buffer, clients[config.root_dir])
end

function M.attach()
  local buffer = vim.api.nvim_get_current_buf()
  local files = vim.api.nvim_get_runtime_file('parser/hook.*', false)
  if #files > 0 then
    if vim.treesitter.start then
      vim.treesitter.start(buffer, 'hook')
    else
      require('vim.treesitter.highlighter').new(vim.treesitter.get_parser(buffer, 'hook'))
    end
  end
  -- From 0.11 on `lsp/hookc.lua` says all that is needed.
  if not vim.lsp.enable and vim.fn.executable('hookc') == 1 then
    start(buffer)
  end
end

return M
