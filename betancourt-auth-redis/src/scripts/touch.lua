-- Writes down when a session was used.
local name = key('session', ARGV[1])
if redis.call('EXISTS', name) == 0 then
  return 0
end
redis.call('HSET', name, 'seen', ARGV[2])
return 1
