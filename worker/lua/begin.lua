-- Begin a step of an attempt, and show that the job is not idle.
-- KEYS: claim, jobs.  ARGV: group, attempt, stage, seconds until an untouched claim goes, name of each field wanted;
-- the name 'job' stands for the job itself.
-- Returns the values, or false where the attempt is over: answered, or given to another worker.
if redis.call('HGET', KEYS[1], 'attempt') ~= ARGV[2] then return false end
-- A job that is fetched, or waits for that, is held beside those in work. One that is not to be fetched has no such
-- step: the task is of an earlier job of the same id.
local holder = redis.call('HGET', KEYS[1], ARGV[3] == 'fetch' and 'fetcher' or 'consumer')
if not holder then return false end
-- First what needs no memory: a full server then lets the script go on.
redis.call('EXPIRE', KEYS[1], ARGV[4])
redis.call('HSET', KEYS[1], 'stage', ARGV[3], 'running', 1)
local entry = redis.call('HGET', KEYS[1], 'entry')
-- JUSTID resets the idle time and leaves the count of deliveries as it is.
redis.call('XCLAIM', KEYS[2], ARGV[1], holder, 0, entry, 'JUSTID')
-- Where an entry has the field twice, the last counts, as for the intake.
local function job()
  local found = redis.call('XRANGE', KEYS[2], entry, entry)[1]
  local fields, value = found and found[2] or {}, false
  for i = 1, #fields, 2 do
    if fields[i] == 'job' then value = fields[i + 1] end
  end
  return value
end
local values = {entry}
for i = 5, #ARGV do
  if ARGV[i] == 'job' then
    values[#values + 1] = job()
  else
    values[#values + 1] = redis.call('HGET', KEYS[1], ARGV[i])
  end
end
return values
