-- Keep what a step made, unless the attempt is over: a worker that was given up for dead writes nothing.
-- KEYS: claim.  ARGV: attempt, entry, then field and value of each.
-- Returns 1 where it was kept.
local claim = redis.call('HMGET', KEYS[1], 'attempt', 'entry')
if claim[1] ~= ARGV[1] or claim[2] ~= ARGV[2] then return 0 end
-- The step has ended; and a full server lets a script go on that has begun with what needs no memory.
redis.call('HDEL', KEYS[1], 'running')
redis.call('HSET', KEYS[1], unpack(ARGV, 3))
return 1
