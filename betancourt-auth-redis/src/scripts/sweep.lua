-- Removes at most so many of each kind that have ended.
local now, limit, gone = ARGV[1], ARGV[2], 0
for _, kind in ipairs({ 'session', 'token', 'spent', 'count' }) do
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
end
return gone
