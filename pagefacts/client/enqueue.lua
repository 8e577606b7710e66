-- Append a job where there is room for it.
-- KEYS: jobs, results, dead.  ARGV: job, jobs at most, answers at most, dead letters at most, percent of the server's
-- memory at most; 0: without limit.
-- Returns the entry, or the name of the limit that is reached, what is there, and the limit.
local function over(name, there, most)
  most = tonumber(most)
  return most > 0 and there >= most and {name, there, most}
end
local full = over('jobs', redis.call('XLEN', KEYS[1]), ARGV[2])
  or over('dead', redis.call('XLEN', KEYS[3]), ARGV[4])
  or over('results', redis.call('XLEN', KEYS[2]), ARGV[3])
-- Answers that no consumer group waits for are trimmed: they hold nobody back.
if full and full[1] == 'results' and #redis.call('XINFO', 'GROUPS', KEYS[2]) == 0 then full = false end
if full then return full end
local memory = redis.pcall('INFO', 'memory') -- a producer's user may not be allowed to ask
if type(memory) == 'string' then
  local used, most = string.match(memory, 'used_memory:(%d+)'), string.match(memory, 'maxmemory:(%d+)')
  if tonumber(most) > 0 then full = over('memory', math.floor(used * 100 / most), ARGV[5]) end
end
return full or redis.call('XADD', KEYS[1], '*', 'job', ARGV[1])
