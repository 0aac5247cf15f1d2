-- Keeps a session: its token, how many its user keeps, how many it replaces, those, and its fields with their values.
local token, most, replaces = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
if redis.call('EXISTS', key('session', token)) == 1 then
  return -1
end
for at = 4, 3 + replaces do
  forget(ARGV[at])
end
redis.call('HSET', key('session', token), unpack(ARGV, 4 + replaces))
local session = read(token)
list(token, session)

local of_user = key('user', session.user)
local all = redis.call('ZRANGE', of_user, 0, -1)
local beyond, evicted = #all - math.max(most, 1), 0
for _, other in ipairs(all) do
  if beyond <= 0 then
    break
  end
  if other ~= token then
    evicted = evicted + forget(other, of_user)
    beyond = beyond - 1
  end
end
return evicted
