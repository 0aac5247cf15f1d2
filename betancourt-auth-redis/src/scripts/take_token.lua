-- Takes the token of an address that is one of those asked for, with its end, and with it all others of that address.
local address = ARGV[1]
for at = 2, #ARGV do
  local ends = redis.call('HGET', key('tokens', address), ARGV[at])
  if ends then
    drop_all(address)
    return { ARGV[at], ends }
  end
end
return {}
