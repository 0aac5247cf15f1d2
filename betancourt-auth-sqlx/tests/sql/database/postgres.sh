# Runs a PostgreSQL server in a folder of its own until standard input ends: sh postgres.sh PROGRAMS PORT
set -eu
trap '' INT TERM HUP
folder=$(mktemp -d)

# The server refuses to be run by root.
run() { "$@"; }
if [ "$(id -u)" = 0 ]; then
  chown postgres: "$folder"
  run() { setpriv --reuid=postgres --regid=postgres --init-groups "$@"; }
fi

cd "$folder"
run "$1/initdb" --pgdata=data --username=postgres --auth=trust \
  --encoding=UTF8 --locale=C.UTF-8 --no-sync >log 2>&1
run "$1/pg_ctl" start --pgdata=data --wait --log=server.log --options="-p $2 -k $folder \
  -c listen_addresses=127.0.0.1 -c max_connections=300 \
  -c fsync=off -c synchronous_commit=off -c full_page_writes=off" >>log 2>&1
echo ready

read -r _ || true
run "$1/pg_ctl" stop --pgdata=data --mode=fast >>log 2>&1
cd /
rm -rf "$folder"
