-- Counts one more event at `now`. Only the first one sets the end.
local name, now, ends = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local counted = key('count', name)
local until_then = redis.call('HGET', counted, 'ends')
if until_then and now < tonumber(until_then) then
  return redis.call('HINCRBY', counted, 'events', 1)
end
redis.call('HSET', counted, 'events', 1, 'ends', ends)
last(counted, ends)
enter(key('ends', 'count'), 'count', name, ends)
return 1
