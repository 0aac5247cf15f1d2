# Runs a MariaDB server in a folder of its own until standard input ends: sh mysql.sh INSTALLER SERVER PORT
set -eu
trap '' INT TERM HUP
folder=$(mktemp -d)
me=$(id -un)

# The server refuses to be run by root, unless it is told whom to become.
if [ "$me" = root ]; then
  me=mysql
  chown mysql: "$folder"
fi

# A server that starts tidies up where it keeps what is temporary, also what other servers keep there.
cd "$folder"
export TMPDIR="$folder"
"$1" --no-defaults --user="$me" --datadir="$folder/data" \
  --auth-root-authentication-method=normal --skip-test-db >log 2>&1
"$2" --no-defaults --user="$me" --datadir="$folder/data" --socket="$folder/socket" --port="$3" \
  --bind-address=127.0.0.1 --pid-file="$folder/pid" --max-connections=300 --skip-name-resolve \
  --skip-log-bin --debug-no-sync --innodb-flush-method=nosync \
  --skip-sync-frm --innodb-file-per-table=0 --innodb-stats-persistent=0 \
  --innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=0 >>log 2>&1 </dev/null &
server=$!
until [ -S "$folder/socket" ]; do
  kill -0 "$server"
  sleep 0.1
done
echo ready

read -r _ || true
kill -KILL "$server"
wait "$server" || true
cd /
rm -rf "$folder"
