-- The verification tokens of an address.
local function drop(token)
  redis.call('DEL', key('token', token))
  redis.call('ZREM', key('ends', 'token'), token)
end

local function drop_all(address)
  local tokens = key('tokens', address)
  for _, token in ipairs(redis.call('HKEYS', tokens)) do
    drop(token)
  end
  redis.call('DEL', tokens)
end
