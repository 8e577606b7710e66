-- Take consumers that hold nothing and have not been seen for long off the group's list.
-- In one piece: a consumer deleted a moment after it read would take its jobs with it.
-- KEYS: jobs.  ARGV: group, idle milliseconds.
local gone = 0
for _, row in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
  local consumer = {}
  for i = 1, #row, 2 do consumer[row[i]] = row[i + 1] end
  if consumer['pending'] == 0 and consumer['idle'] > tonumber(ARGV[2]) then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], consumer['name'])
    gone = gone + 1
  end
end
return gone
