-- Drives Neovim through the life of one finding: it appears, its code action is
-- applied, the file is saved, and it is gone.
--
--   KC_FILE=/abs/file.go KC_ROOT=/abs KC_SERVER=/abs/killcheck KC_ARGS=gopls \
--     nvim --headless --clean -S nvim.lua
--
-- What happens is printed line by line; the exit code is 0 if all of it did.
-- Works with Neovim 0.7 and later.

local file, root = os.getenv("KC_FILE"), os.getenv("KC_ROOT")
local cmd = { os.getenv("KC_SERVER") }
for arg in (os.getenv("KC_ARGS") or ""):gmatch("%S+") do
  table.insert(cmd, arg)
end

local function say(text)
  io.stdout:write(text .. "\n")
end

local function fail(text)
  say("FAIL " .. text)
  vim.cmd("cquit 1")
end

-- The server is started as a user's configuration would, with the defaults of
-- the editor for everything else.
vim.cmd("edit " .. vim.fn.fnameescape(file))
vim.bo.filetype = "go"
local buf = vim.api.nvim_get_current_buf()
local id = vim.lsp.start_client({ name = "killcheck", cmd = cmd, root_dir = root })
if not id then
  fail("the server does not start")
end
vim.lsp.buf_attach_client(buf, id)

local function findings()
  local list = {}
  for _, d in ipairs(vim.diagnostic.get(buf)) do
    if d.source == "killcheck" then
      table.insert(list, d)
    end
  end
  return list
end

local function wait(what, done)
  local began = vim.loop.hrtime()
  if not vim.wait(60000, done, 20) then
    fail("no " .. what)
  end
  return (vim.loop.hrtime() - began) / 1e6
end

local ms = wait("diagnostic", function() return #findings() > 0 end)
local d = findings()[1]
say(string.format("shown after %d ms: %d:%d %s", ms, d.lnum + 1, d.col + 1, d.message))

-- The hover at the finding holds its explanation.
vim.api.nvim_win_set_cursor(0, { d.lnum + 1, d.col })
local answers = vim.lsp.buf_request_sync(buf, "textDocument/hover", vim.lsp.util.make_position_params(0, "utf-16"), 10000) or {}
local explained = false
for _, answer in pairs(answers) do
  local contents = answer.result and answer.result.contents
  explained = explained or (contents and contents.value or ""):find("**killcheck", 1, true) ~= nil
end
if not explained then
  fail("the hover does not explain the finding")
end
say("explained by the hover")

-- The menu of code actions, with the preferred one chosen.
local chosen
vim.ui.select = function(items, _, choose)
  for _, item in ipairs(items) do
    local action = item.action or item[2] or item
    say("offered: " .. action.title .. (action.isPreferred and " (preferred)" or ""))
    if action.isPreferred and not chosen then
      chosen = item
    end
  end
  choose(chosen)
end
local before = #findings()
local tick = vim.api.nvim_buf_get_changedtick(buf)
local context = { only = { "quickfix" }, diagnostics = {} }
vim.lsp.buf.code_action(vim.fn.has("nvim-0.8") == 1 and { context = context } or context)
wait("edit by the code action", function() return vim.api.nvim_buf_get_changedtick(buf) ~= tick end)
if not chosen then
  local line = vim.api.nvim_buf_get_lines(buf, d.lnum, d.lnum + 1, true)[1]
  say("the only action was applied: " .. line)
end
say("applied")

-- The edit itself withdraws the finding. It must not come back when the saved
-- file has been analyzed, for which three seconds are enough.
vim.cmd("silent write")
wait("end of the diagnostic", function() return #findings() == before - 1 end)
if vim.wait(3000, function() return #findings() >= before end, 20) or #findings() ~= before - 1 then
  fail("the diagnostic is back after saving")
end
say("gone after saving")

vim.lsp.stop_client(id)
if not vim.wait(10000, function() return vim.lsp.get_client_by_id(id) == nil end, 20) then
  fail("the server does not end")
end
say("the server has ended")
vim.cmd("qall!")
