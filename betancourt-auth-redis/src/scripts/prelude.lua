-- What every script begins with. All keys of a site begin with KEYS[1], a hash tag: they stand in one slot of a cluster.
local site = KEYS[1]
local time = redis.call('TIME')
local real = time[1] * 1000 + math.floor(time[2] / 1000)

-- Whether something has ended is for the caller's clock to say. Redis removes it an hour after it ended by both clocks.
local GRACE = 3600000

local function key(kind, name)
  return site .. ':' .. kind .. ':' .. name
end

-- Has a key removed in the end, never before what was said of it already.
local function last(name, ends)
  local at = math.max(tonumber(ends), real) + GRACE
  if redis.call('PEXPIRETIME', name) < at then
    redis.call('PEXPIREAT', name, string.format('%.0f', at))
  end
end

-- Enters what ends then into a list by ends, and takes a few from it that Redis has removed.
local function enter(list, kind, name, ends)
  redis.call('ZADD', list, ends, name)
  last(list, ends)
  for _, old in ipairs(redis.call('ZRANGEBYSCORE', list, '-inf', real - GRACE, 'LIMIT', 0, 8)) do
    if redis.call('EXISTS', key(kind, old)) == 0 then
      redis.call('ZREM', list, old)
    end
  end
end

local function read(token)
  local flat = redis.call('HGETALL', key('session', token))
  if #flat == 0 then
    return nil
  end
  local session = {}
  for at = 1, #flat, 2 do
    session[flat[at]] = flat[at + 1]
  end
  return session
end

-- The lists that a session is in.
local function lists(session)
  local found = { key('ends', 'session'), key('user', session.user) }
  if session.subject then
    table.insert(found, key('subject', session.subject))
  end
  if session.sid then
    table.insert(found, key('sid', session.sid))
  end
  return found
end

local function list(token, session)
  last(key('session', token), session.expires)
  for _, name in ipairs(lists(session)) do
    enter(name, 'session', token, session.expires)
  end
end

-- Forgets a session and says how many that were. One that Redis has removed leaves the list it was found in.
local function forget(token, found_in)
  local session = read(token)
  if not session then
    if found_in then
      redis.call('ZREM', found_in, token)
    end
    return 0
  end
  for _, name in ipairs(lists(session)) do
    redis.call('ZREM', name, token)
  end
  redis.call('DEL', key('session', token))
  return 1
end
