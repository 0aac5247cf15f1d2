-- Removes at most so many of a kind that were over at a moment.
local kind, now, limit, gone = ARGV[1], ARGV[2], ARGV[3], 0
local ends = key('ends', kind)
for _, name in ipairs(redis.call('ZRANGEBYSCORE', ends, '-inf', now, 'LIMIT', 0, limit)) do
  if kind == 'session' then
    gone = gone + forget(name, ends)
  else
    if kind == 'token' then
      local owner = redis.call('GET', key('token', name))
      if owner then
        redis.call('HDEL', key('tokens', owner), name)
      end
    end
    gone = gone + redis.call('DEL', key(kind, name))
    redis.call('ZREM', ends, name)
  end
end
return gone
