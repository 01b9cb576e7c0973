-- Drives Neovim through the life of one finding: it appears, a comment that
-- ignores it is written and taken back, its fix is applied, the file is saved, and
-- it is gone.
--
--   KC_FILE=/abs/file.go KC_ROOT=/abs KC_SNIPPET=/abs/of-the-page.lua \
--     nvim --headless --clean -S nvim.lua
--
-- KC_SNIPPET is what a user writes into init.lua; it starts a server that is named
-- killcheck or gopls. Neovim 0.7 knows none of the forms on the page: for it,
-- KC_SERVER=/abs/killcheck and KC_ARGS=gopls name the server instead.
--
-- What happens is printed line by line; the exit code is 0 if all of it did.

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
local snippet = os.getenv("KC_SNIPPET")
if snippet then
  dofile(snippet)
end
vim.cmd("edit " .. vim.fn.fnameescape(file))
local buf = vim.api.nvim_get_current_buf()
local id
if not snippet then
  id = vim.lsp.start_client({ name = "killcheck", cmd = cmd, root_dir = root })
  if not id then
    fail("the server does not start")
  end
  vim.lsp.buf_attach_client(buf, id)
end

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
if snippet then
  for _, client in ipairs((vim.lsp.get_clients or vim.lsp.get_active_clients)({ bufnr = buf })) do
    id = client.id
    say(string.format("%s at %s", client.name, client.config.root_dir == root and "its root" or tostring(client.config.root_dir)))
  end
end
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

-- The menu of code actions. Before Neovim 0.8 the preferred one is chosen there.
local new = vim.fn.has("nvim-0.8") == 1
local offered = false
vim.ui.select = function(items, _, choose)
  local chosen
  for _, item in ipairs(items) do
    local action = item.action or item[2] or item
    say("offered: " .. action.title .. (action.isPreferred and " (preferred)" or ""))
    if action.isPreferred and not new then
      chosen = item
    end
  end
  offered = true
  choose(chosen)
end
local before = #findings()
local tick = vim.api.nvim_buf_get_changedtick(buf)
local function edited()
  return vim.api.nvim_buf_get_changedtick(buf) ~= tick
end
if new then
  vim.lsp.buf.code_action()
  wait("menu of code actions", function() return offered end)

  vim.lsp.buf.code_action({ apply = true, filter = function(a) return a.title:find("^Ignore toy") end })
  wait("comment that ignores", edited)
  say("written: " .. vim.api.nvim_buf_get_lines(buf, d.lnum, d.lnum + 1, true)[1]:match("//.*"))
  vim.cmd("silent undo")
  wait("finding after the undo", function() return #findings() == before and findings()[1].col == d.col end)
  vim.api.nvim_win_set_cursor(0, { d.lnum + 1, d.col })

  -- Fixes belong to the text that was analyzed last, so the saved file has them.
  vim.cmd("silent write")
  local request = vim.lsp.util.make_range_params(0, "utf-16")
  request.context = { diagnostics = {} }
  wait("fix after saving", function()
    for _, answer in pairs(vim.lsp.buf_request_sync(buf, "textDocument/codeAction", request, 10000) or {}) do
      for _, action in ipairs(answer.result or {}) do
        if action.isPreferred then
          return true
        end
      end
    end
  end)

  tick = vim.api.nvim_buf_get_changedtick(buf)
  vim.lsp.buf.code_action({ apply = true, filter = function(a) return a.isPreferred end })
else
  vim.lsp.buf.code_action({ only = { "quickfix" }, diagnostics = {} })
end
wait("edit by the code action", edited)
say("applied")

-- The edit itself withdraws the finding. It must not come back when the saved
-- file has been analyzed, for which three seconds are enough.
vim.cmd("silent write")
wait("end of the diagnostic", function() return #findings() == before - 1 end)
if vim.wait(3000, function() return #findings() >= before end, 20) or #findings() ~= before - 1 then
  fail("the diagnostic is back after saving")
end
say("gone after saving")

-- No other file is given to the server.
vim.cmd("edit " .. vim.fn.fnameescape(root .. "/notes.txt"))
if snippet and vim.wait(500, function() return vim.lsp.buf_is_attached(0, id) end, 20) then
  fail("the server has a text, too")
end

local client = vim.lsp.get_client_by_id(id)
if vim.fn.has("nvim-0.11") == 1 then
  client:stop()
else
  client.stop()
end
if not vim.wait(10000, function() return vim.lsp.get_client_by_id(id) == nil end, 20) then
  fail("the server does not end")
end
say("the server has ended")
vim.cmd("qall!")
