-- Answer a job: once, and in one piece with the end of its life in the ledger.
-- KEYS: claim, done, jobs, results, dead, counts.  ARGV: group, entry, event, done_ttl, 'results' or 'failures', dead letter or ''.
-- Returns 1 where this call answered, 0 where the job had been answered.
-- XACK comes first also because a full server lets a script go on that has begun with what needs no memory.
if redis.call('XACK', KEYS[3], ARGV[1], ARGV[2]) == 0 then return 0 end
redis.call('XDEL', KEYS[3], ARGV[2])
local claimed = redis.call('HGET', KEYS[1], 'entry')
if claimed == ARGV[2] then
  redis.call('DEL', KEYS[1])
  claimed = false
end
-- An entry refused at the intake may have the id of a job in work: that one will be answered.
local other = claimed and redis.call('XRANGE', KEYS[3], claimed, claimed)[1]
if other or redis.call('EXISTS', KEYS[2]) == 1 then
  redis.call('HINCRBY', KEYS[6], 'duplicates', 1)
  return 0
end
local answer = redis.call('XADD', KEYS[4], '*', 'event', ARGV[3])
redis.call('SET', KEYS[2], answer, 'EX', ARGV[4])
redis.call('HINCRBY', KEYS[6], ARGV[5], 1)
if ARGV[6] ~= '' then redis.call('XADD', KEYS[5], '*', 'dead', ARGV[6]) end
return 1
