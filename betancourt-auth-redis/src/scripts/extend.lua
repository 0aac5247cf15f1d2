-- Moves the end of a session, never back.
local token, expires = ARGV[1], ARGV[2]
local session = read(token)
if not session then
  return 0
end
if tonumber(session.expires) < tonumber(expires) then
  redis.call('HSET', key('session', token), 'expires', expires)
  session.expires = expires
  list(token, session)
end
return 1
