-- Keep a page to be asked for anew, within the room for all of them: the oldest go first.
-- KEYS: pages, their order, their bytes.  ARGV: name, page ('' to forget it), room in bytes, seconds to keep.
local function drop(name)
  local size = redis.call('HSTRLEN', KEYS[1], name)
  if size > 0 then
    redis.call('HDEL', KEYS[1], name)
    redis.call('DECRBY', KEYS[3], size)
  end
  redis.call('ZREM', KEYS[2], name)
end
drop(ARGV[1])
local now = tonumber(redis.call('TIME')[1])
for _, name in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now - ARGV[4], 'LIMIT', 0, 100)) do drop(name) end
if ARGV[2] == '' then return 0 end
local size = string.len(ARGV[2])
local room = tonumber(ARGV[3]) - size
while tonumber(redis.call('GET', KEYS[3]) or 0) > room do
  local oldest = redis.call('ZRANGE', KEYS[2], 0, 0)[1]
  if not oldest then return 0 end
  drop(oldest)
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[2], now, ARGV[1])
redis.call('INCRBY', KEYS[3], size)
for i = 1, 3 do redis.call('EXPIRE', KEYS[i], ARGV[4]) end
return 1
