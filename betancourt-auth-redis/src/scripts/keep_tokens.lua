-- Keeps tokens of an address in place of its older ones: the address, then each token with its end.
local address, seen = ARGV[1], {}
for at = 2, #ARGV, 2 do
  local owner = redis.call('GET', key('token', ARGV[at]))
  if seen[ARGV[at]] or (owner and owner ~= address) then
    return -1
  end
  seen[ARGV[at]] = true
end
drop_all(address)
for at = 2, #ARGV, 2 do
  local token, ends = ARGV[at], ARGV[at + 1]
  redis.call('HSET', key('tokens', address), token, ends)
  redis.call('SET', key('token', token), address)
  last(key('tokens', address), ends)
  last(key('token', token), ends)
  enter(key('ends', 'token'), 'token', token, ends)
end
return 0
