-- Take a job in: at most one entry of an id is ever in work.
-- KEYS: claim, done, jobs, counts.  ARGV: group, entry, attempt, consumer, head, consumer while it is fetched or ''.
-- Returns 1 where the caller is to dispatch the job, 0 where the entry was a duplicate and is gone.
local claimed = redis.call('HGET', KEYS[1], 'entry')
if redis.call('EXISTS', KEYS[2]) == 1 or (claimed and claimed ~= ARGV[2]) then
  redis.call('XACK', KEYS[3], ARGV[1], ARGV[2])
  redis.call('XDEL', KEYS[3], ARGV[2])
  redis.call('HINCRBY', KEYS[4], 'duplicates', 1)
  return 0
end
-- A new attempt begins from the page: whatever an earlier one left may be half a thing.
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'entry', ARGV[2], 'attempt', ARGV[3], 'consumer', ARGV[4], 'head', ARGV[5])
if ARGV[6] ~= '' then
  redis.call('HSET', KEYS[1], 'fetcher', ARGV[6])
  redis.call('XCLAIM', KEYS[3], ARGV[1], ARGV[6], 0, ARGV[2], 'JUSTID')
end
return 1
