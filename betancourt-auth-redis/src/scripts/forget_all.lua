-- Forgets the sessions of a user; where a cut is given, those that were made under an earlier one or under none.
local of_user, cut, gone = key('user', ARGV[1]), tonumber(ARGV[2]), 0
for _, token in ipairs(redis.call('ZRANGE', of_user, 0, -1)) do
  local made_under = tonumber(redis.call('HGET', key('session', token), 'cut') or nil)
  if not cut or not made_under or made_under < cut then
    gone = gone + forget(token, of_user)
  end
end
return gone
