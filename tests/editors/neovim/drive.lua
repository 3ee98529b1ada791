-- Run inside Neovim by ../run.py: does what the plan asks with the editor's own client, and writes down what it sees.
-- Then it stays until it is killed.

local function read(path)
  local file = assert(io.open(path, 'rb'))
  local text = file:read('*a')
  file:close()
  return text
end

local plan = vim.fn.json_decode(read(vim.env.PLAN))
local seen = { units = 'bytes' }

local function edit(file)
  local path = plan.root .. '/' .. file
  -- To edit what is already being edited would read it again.
  if vim.api.nvim_buf_get_name(0) ~= path then
    vim.cmd('edit ' .. vim.fn.fnameescape(path))
  end
end

local function text()
  return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n') .. '\n'
end

--- The cursor behind the first place of a text.
local function go(asked)
  edit(asked.file)
  for row, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    local _, last = line:find(asked.after, 1, true)
    if last then
      vim.api.nvim_win_set_cursor(0, { row, last })
      return
    end
  end
  error('not found: ' .. asked.after)
end

local function wait_for(what, condition)
  assert(vim.wait(20000, condition, 20), 'waited in vain for ' .. what)
end

--- Waits until nothing has been told for a second.
local function settle()
  local told = 0
  local group = vim.api.nvim_create_augroup('settle', {})
  vim.api.nvim_create_autocmd('DiagnosticChanged', { group = group, callback = function() told = vim.loop.now() end })
  told = vim.loop.now()
  wait_for('quiet', function() return vim.loop.now() - told > plan.quiet_ms end)
  vim.api.nvim_clear_autocmds({ group = group })
end

local function diagnostics()
  local found = {}
  for _, one in ipairs(vim.diagnostic.get(0)) do
    found[#found + 1] = {
      code = one.code or (one.user_data and one.user_data.lsp and one.user_data.lsp.code),
      severity = ({ 'error', 'warning', 'info', 'hint' })[one.severity],
      from = { one.lnum, one.col },
      to = { one.end_lnum, one.end_col },
    }
  end
  return found
end

local function ask(method, params)
  local answers, failure = vim.lsp.buf_request_sync(0, method, params or vim.lsp.util.make_position_params(), 20000)
  assert(answers, failure)
  local _, answer = next(answers)
  assert(answer and not answer.error, vim.inspect(answer))
  return answer.result
end

local function locations(result)
  local found = {}
  for _, item in ipairs(vim.lsp.util.locations_to_items(vim.tbl_islist(result) and result or { result }, 'utf-16')) do
    found[#found + 1] = { file = item.filename, at = { item.lnum - 1, item.col - 1 } }
  end
  return found
end

local function each(questions, answer)
  local answers = {}
  for _, asked in ipairs(questions) do
    go(asked)
    answers[#answers + 1] = answer()
  end
  return answers
end

local function texts(files)
  local found = {}
  for _, file in ipairs(files) do
    edit(file)
    found[file] = text()
  end
  return found
end

local function act(asked)
  go(asked)
  local params = vim.lsp.util.make_range_params()
  params.context = { diagnostics = vim.lsp.diagnostic.get_line_diagnostics() }
  for _, action in ipairs(ask('textDocument/codeAction', params)) do
    if action.title == asked.title then
      vim.lsp.util.apply_workspace_edit(action.edit, 'utf-16')
      return
    end
  end
  error('there is no action ' .. asked.title)
end

local function rename(asked)
  go(asked)
  vim.lsp.buf.rename(asked.to)
  wait_for('the rename', function() return text():find(asked.to, 1, true) ~= nil end)
end

local function lines(piece)
  return vim.split(piece, '\n', { plain = true })
end

--- Every edit is sent as one; the server is given time now and then, as people do.
local function type_all(one)
  edit(one.file)
  for number, change in ipairs(one.edits) do
    local from, to = change.from, change.to
    vim.api.nvim_buf_set_text(0, from.line, from.bytes, to.line, to.bytes, lines(change.text))
    vim.wait(number % 10 == 0 and 60 or 1)
  end
  settle()
  vim.cmd('silent write')
  settle()
  return diagnostics()
end

local function drive()
  edit(plan.diagnostics.file)
  wait_for('diagnostics', function() return #vim.diagnostic.get(0) > 0 end)
  settle()
  seen.diagnostics = diagnostics()
  seen.hover = each(plan.hover, function()
    local shown = vim.lsp.util.convert_input_to_markdown_lines(ask('textDocument/hover').contents)
    return table.concat(shown, '\n')
  end)
  seen.completion = each(plan.completion, function()
    local labels = {}
    for _, item in ipairs(vim.lsp.util.extract_completion_items(ask('textDocument/completion'))) do
      labels[#labels + 1] = item.label
    end
    return labels
  end)
  seen.definition = each(plan.definition, function() return locations(ask('textDocument/definition')) end)
  seen.references = each(plan.references, function()
    local params = vim.lsp.util.make_position_params()
    params.context = { includeDeclaration = true }
    return locations(ask('textDocument/references', params))
  end)
  act(plan.action)
  seen.action = texts(vim.tbl_keys(plan.action.lines))
  rename(plan.rename)
  seen.rename = texts(vim.tbl_keys(plan.rename.lines))
  edit(plan.formatting.file)
  vim.lsp.buf.formatting_sync(nil, 20000)
  seen.formatting = text()
  seen.typing = {}
  for number, one in ipairs(plan.series) do
    seen.typing[number] = type_all(one)
  end
end

local well, message = xpcall(drive, debug.traceback)
if not well then
  seen = { failed = message }
end
local out = assert(io.open(vim.env.SEEN .. '.part', 'wb'))
out:write(vim.fn.json_encode(seen))
out:close()
os.rename(vim.env.SEEN .. '.part', vim.env.SEEN)
vim.wait(600000)
