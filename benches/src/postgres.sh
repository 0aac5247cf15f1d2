# Runs a PostgreSQL server in a folder of its own until standard input ends, and prints the number of its process:
# sh postgres.sh PROGRAMS PORT
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
  -c listen_addresses=127.0.0.1 -c shared_buffers=1GB -c maintenance_work_mem=512MB -c max_wal_size=8GB \
  -c autovacuum=off -c fsync=off -c synchronous_commit=off -c full_page_writes=off" >>log 2>&1
head -n 1 data/postmaster.pid

read -r _ || true
run "$1/pg_ctl" stop --pgdata=data --mode=fast >>log 2>&1
cd /
rm -rf "$folder"
