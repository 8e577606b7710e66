-- Put a dead letter's job back: it is forgotten that the id was answered.
-- KEYS: dead, done, jobs.  ARGV: entry, job.
-- Returns the new entry of the job, or false where the dead letter is gone.
if redis.call('XDEL', KEYS[1], ARGV[1]) == 0 then return false end
redis.call('DEL', KEYS[2])
return redis.call('XADD', KEYS[3], '*', 'job', ARGV[2])
