-- The sessions in a list, each as its token and its fields with their values.
local name, found = key(ARGV[1], ARGV[2]), {}
for _, token in ipairs(redis.call('ZRANGE', name, 0, -1)) do
  local fields = redis.call('HGETALL', key('session', token))
  if #fields > 0 then
    table.insert(found, { token, fields })
  end
end
return found
