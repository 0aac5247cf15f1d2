-- Spends a handshake that ends then: 1 for the first caller.
local name, ends = ARGV[1], ARGV[2]
if not redis.call('SET', key('spent', name), ends, 'NX') then
  return 0
end
last(key('spent', name), ends)
enter(key('ends', 'spent'), 'spent', name, ends)
return 1
