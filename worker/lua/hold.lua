-- Let no request go to a host for a while, as it has asked; turns that were given are void.
-- KEYS: pace of the host.  ARGV: milliseconds, milliseconds between requests, requests at once.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
-- The bucket is empty at the end of the pause, not full.
local following = now + tonumber(ARGV[1]) + (tonumber(ARGV[3]) - 1) * tonumber(ARGV[2])
local given = tonumber(redis.call('HGET', KEYS[1], 'held') or 0)
following = math.max(following, given)
redis.call('HSET', KEYS[1], 'next', string.format('%.0f', following), 'held', string.format('%.0f', following))
redis.call('HINCRBY', KEYS[1], 'epoch', 1)
redis.call('PEXPIRE', KEYS[1], following - now + 60000)
return 1
