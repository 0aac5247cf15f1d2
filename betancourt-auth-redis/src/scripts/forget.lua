-- Forgets sessions by their tokens.
local gone = 0
for _, token in ipairs(ARGV) do
  gone = gone + forget(token)
end
return gone
