#!/bin/sh
# Puts one page in with nothing but redis-cli and jq, and writes its entry of the jobs stream.
#
#   REDIS_URL=redis://localhost:6379/0 redis-cli.sh PAGE.html URL
set -eu

job=$(jq --raw-input --slurp --compact-output --arg url "$2" '{$url, html: .}' "$1")
printf '%s' "$job" | redis-cli -e -u "$REDIS_URL" -x XADD '{pagefacts}:jobs' '*' job
