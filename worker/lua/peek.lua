-- Look at entries of a stream without their content, which may be large.
-- KEYS: stream.  ARGV: XRANGE or XREVRANGE, from, to, entries at most, pattern or ''.
-- Returns of each its id, and what the pattern finds in its first field, '' where it finds nothing.
local found = {}
for _, entry in ipairs(redis.call(ARGV[1], KEYS[1], ARGV[2], ARGV[3], 'COUNT', ARGV[4])) do
  local match = ARGV[5] ~= '' and string.match(entry[2][2], ARGV[5])
  found[#found + 1] = {entry[1], match or ''}
end
return found
