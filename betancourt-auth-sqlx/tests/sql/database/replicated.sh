# Runs a PostgreSQL server and a replica of it, each in a folder below one of their own, until standard input ends. A line
# `stop` or `start` on it is for the replica: sh replicated.sh PROGRAMS PORT PORT_OF_REPLICA
set -eu
trap '' INT TERM HUP
folder=$(mktemp -d)

# The server refuses to be run by root.
run() { "$@"; }
if [ "$(id -u)" = 0 ]; then
  chown postgres: "$folder"
  run() { setpriv --reuid=postgres --regid=postgres --init-groups "$@"; }
fi

start() {
  run "$1/pg_ctl" start --pgdata="$2" --wait --log="$2.log" --options="-p $3 -k $folder \
    -c listen_addresses=127.0.0.1 -c fsync=off -c log_statement=all" >>log 2>&1
}

cd "$folder"
run "$1/initdb" --pgdata=primary --username=postgres --auth=trust \
  --encoding=UTF8 --locale=C.UTF-8 --no-sync >log 2>&1
start "$1" primary "$2"
run "$1/pg_basebackup" --pgdata=replica --host=127.0.0.1 --port="$2" --username=postgres \
  --checkpoint=fast --write-recovery-conf --no-sync >>log 2>&1
start "$1" replica "$3"
echo "$folder"

while read -r order; do
  case $order in
  stop) run "$1/pg_ctl" stop --pgdata=replica --mode=immediate >>log 2>&1 ;;
  start) start "$1" replica "$3" ;;
  esac
  echo "$order"
done
for server in replica primary; do
  run "$1/pg_ctl" stop --pgdata=$server --mode=immediate >>log 2>&1 || true
done
cd /
rm -rf "$folder"
