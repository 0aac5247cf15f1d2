# Runs a redis-server until the pipe to the standard input closes: when the test ends, however it ends.
redis-server "$@" >/dev/null 2>&1 &
server=$!
cat >/dev/null
kill -9 $server
wait $server 2>/dev/null
