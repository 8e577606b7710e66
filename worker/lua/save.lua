-- Keep what a step made, unless the attempt is over: a worker that was given up for dead writes nothing.
-- KEYS: claim.  ARGV: attempt, then field and value of each.
-- Returns 1 where it was kept.
if redis.call('HGET', KEYS[1], 'attempt') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], unpack(ARGV, 2))
return 1
