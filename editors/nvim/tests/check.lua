-- Run by check.sh inside Neovim, with an example open.

local function check()
  assert(vim.bo.filetype == 'hook', vim.bo.filetype)
  assert(vim.bo.commentstring == '// %s', vim.bo.commentstring)
  assert(vim.bo.shiftwidth == 2)

  local parser = vim.treesitter.get_parser(0, 'hook')
  local tree = parser:parse()[1]
  assert(not tree:root():has_error(), 'the example is read without errors')
  local get = vim.treesitter.query.get or vim.treesitter.query.get_query or require('vim.treesitter.query').get_query
  for _, name in ipairs({ 'highlights', 'injections', 'folds', 'indents', 'locals' }) do
    assert(get('hook', name), name)
  end
  local colours = {}
  local query = get('hook', 'highlights')
  for id, node in query:iter_captures(tree:root(), 0, 0, -1) do
    if node:type() == 'job' then
      colours[#colours + 1] = query.captures[id]
    end
  end
  assert(vim.tbl_contains(colours, 'keyword.function'), vim.inspect(colours))

  -- The canonical form keeps its indentation.
  local before = vim.api.nvim_buf_get_lines(0, 0, -1, false)
  vim.cmd('silent normal! gg=G')
  local after = vim.api.nvim_buf_get_lines(0, 0, -1, false)
  for number, line in ipairs(before) do
    assert(line == after[number], number .. ': ' .. after[number])
  end
end

local well, message = pcall(check)
vim.wait(500)
print(well and 'all is well' or message)
vim.cmd(well and 'qall!' or 'cquit')
