-- Take a delivery in: at most one entry of an id is ever in work, and of that entry its latest delivery.
-- KEYS: claim, done, jobs, counts.  ARGV: group, entry, delivery, consumer it went to, consumer that is to hold the
-- job, consumer that holds it while it is fetched or '', head, strikes at most, seconds until an untouched claim goes.
-- Returns 1 where the caller is to dispatch the job; 0 where nothing is to be done: the entry was a duplicate and is
-- gone, the delivery is over, or a step of it runs; 2 where it was admitted before and no step of it runs; -1 where the
-- job has ended its process within a step as often as allowed.
local mine = redis.call('XPENDING', KEYS[3], ARGV[1], ARGV[2], ARGV[2], 1)[1]
if not mine or mine[2] ~= ARGV[4] or mine[4] ~= tonumber(ARGV[3]) then return 0 end
local claim = redis.call('HMGET', KEYS[1], 'entry', 'attempt', 'running', 'strikes')
local claimed = claim[1]
-- A claim whose entry was deleted from the stream holds nobody back.
local other = claimed and claimed ~= ARGV[2] and redis.call('XRANGE', KEYS[3], claimed, claimed)[1]
if other or redis.call('EXISTS', KEYS[2]) == 1 then
  redis.call('XACK', KEYS[3], ARGV[1], ARGV[2])
  redis.call('XDEL', KEYS[3], ARGV[2])
  redis.call('HINCRBY', KEYS[4], 'duplicates', 1)
  return 0
end
local strikes = 0
if claimed == ARGV[2] then
  -- Admitted before: the caller did not hear of it, or does not know what has become of its tasks.
  if claim[2] == ARGV[3] then return claim[3] and 0 or 2 end
  strikes = tonumber(claim[4] or 0) + (claim[3] and 1 or 0)
  if strikes >= tonumber(ARGV[8]) then return -1 end
end
-- A new attempt begins from the page: whatever an earlier one left may be half a thing.
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'entry', ARGV[2], 'attempt', ARGV[3], 'consumer', ARGV[5], 'head', ARGV[7], 'strikes', strikes)
redis.call('EXPIRE', KEYS[1], ARGV[9])
if ARGV[6] ~= '' then
  redis.call('HSET', KEYS[1], 'fetcher', ARGV[6])
  redis.call('XCLAIM', KEYS[3], ARGV[1], ARGV[6], 0, ARGV[2], 'JUSTID')
end
return 1
