-- Give a job its turn at a host: a token bucket for all workers (GCRA), on the server's clock.
-- A turn that lies ahead is the job's own from now on; it stands in its claim as <epoch>:<milliseconds>.
-- KEYS: pace of the host, claim; of a job on another shard a hash for its turns.  ARGV: attempt, or '' where the second
-- key is no claim, host, milliseconds between requests, requests at once.
-- Returns the milliseconds to wait, 0 where the turn is now and used up, or false where the attempt is over.
if ARGV[1] ~= '' and redis.call('HGET', KEYS[2], 'attempt') ~= ARGV[1] then return false end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local pace = redis.call('HMGET', KEYS[1], 'next', 'epoch')
local following, epoch = tonumber(pace[1] or 0), pace[2] or '0'
local field = 'turn:' .. ARGV[2]
local turn = redis.call('HGET', KEYS[2], field)
if turn then
  local mine, at = string.match(turn, '^(%d+):(%d+)$')
  if mine == epoch then -- else the host has asked for a pause since, and all turns are given anew
    if tonumber(at) > now then return tonumber(at) - now end
    redis.call('HDEL', KEYS[2], field)
    return 0
  end
  redis.call('HDEL', KEYS[2], field)
end
local interval = tonumber(ARGV[3])
local at = math.max(now, following - (tonumber(ARGV[4]) - 1) * interval)
following = math.max(now, following) + interval
redis.call('HSET', KEYS[1], 'next', string.format('%.0f', following))
redis.call('PEXPIRE', KEYS[1], following - now + 60000)
if at <= now then return 0 end
redis.call('HSET', KEYS[2], field, epoch .. ':' .. string.format('%.0f', at))
if ARGV[1] == '' then redis.call('PEXPIRE', KEYS[2], at - now + 600000) end
return at - now
