-- Note that a worker is at home in a shard; where it has none yet, give it the one that the fewest are at home in.
-- KEYS: homes, how many are at home in each shard, counted a moment ago.  ARGV: number of shards, the worker's or '',
-- worker, seconds until it is forgotten, seconds for which a count is good enough for a worker that is not new.
-- Returns the worker's shard, then of each shard how many workers are at home there.
local now = tonumber(redis.call('TIME')[1])
local home, until_then = tonumber(ARGV[2]), now + ARGV[4]
if home and redis.call('ZSCORE', KEYS[1], home .. ' ' .. ARGV[3]) then
  local reply = {home}
  for count in string.gmatch(redis.call('GET', KEYS[2]) or '', '%d+') do reply[#reply + 1] = tonumber(count) end
  if #reply == ARGV[1] + 1 then
    redis.call('ZADD', KEYS[1], until_then, home .. ' ' .. ARGV[3])
    return reply
  end
end
for _, gone in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now)) do redis.call('ZREM', KEYS[1], gone) end
local counts = {}
for n = 1, ARGV[1] do counts[n] = 0 end
for _, each in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local shard, worker = string.match(each, '^(%d+) (.*)$')
  if worker == ARGV[3] then
    redis.call('ZREM', KEYS[1], each)
  elseif counts[shard + 1] then
    counts[shard + 1] = counts[shard + 1] + 1
  end
end
if not home then
  home = 0
  for n = 1, #counts do if counts[n] < counts[home + 1] then home = n - 1 end end
end
counts[home + 1] = counts[home + 1] + 1
redis.call('ZADD', KEYS[1], until_then, home .. ' ' .. ARGV[3])
redis.call('EXPIRE', KEYS[1], 3600)
redis.call('SET', KEYS[2], table.concat(counts, ' '), 'EX', ARGV[5])
return {home, unpack(counts)}
