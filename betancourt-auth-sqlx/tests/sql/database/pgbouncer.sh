# Runs PgBouncer before a PostgreSQL server until standard input ends: sh pgbouncer.sh PROGRAM PORT PORT-OF-SERVER
set -eu
trap '' INT TERM HUP
folder=$(mktemp -d)

# It refuses to be run by root.
run() { exec "$@"; }
if [ "$(id -u)" = 0 ]; then
  chown postgres: "$folder"
  run() { exec setpriv --reuid=postgres --regid=postgres --init-groups "$@"; }
fi

cat >"$folder/ini" <<END
[databases]
* = host=127.0.0.1 port=$3 user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $2
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 5
max_client_conn = 300
ignore_startup_parameters = extra_float_digits
END
run "$1" "$folder/ini" >"$folder/log" 2>&1 </dev/null &
pooler=$!
until grep -q 'process up' "$folder/log"; do
  kill -0 "$pooler"
  sleep 0.1
done
echo ready

read -r _ || true
kill -INT "$pooler"
wait "$pooler" || true
rm -rf "$folder"
