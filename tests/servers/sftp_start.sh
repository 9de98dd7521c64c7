#!/usr/bin/env bash
# sftp_start.sh DIR [CONFIG_LINE...]: a private SSH server on loopback, for tests. It serves files to the calling user, with
# keys made here. Writes DIR/env (SFTP_PORT SFTP_USER), DIR/pid, DIR/log, DIR/user_key, DIR/known_hosts; it ends with the
# process that called. Needs openssh-server.
set -eu
die() { echo "sftp_start.sh: $*" >&2; exit 1; }
caller=$PPID
dir=$(cd "$1" && pwd)
shift
PATH="$PATH:/usr/sbin:/sbin"
sshd=$(command -v sshd) || die "sshd is not installed; tools/install_dependencies installs it"   # it wants its full path
[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
chmod 700 "$dir"
for key in host_key user_key; do
  [ -f "$dir/$key" ] || ssh-keygen -q -t ed25519 -N '' -f "$dir/$key"
done
cp "$dir/user_key.pub" "$dir/authorized_keys"
chmod 600 "$dir/authorized_keys"

for attempt in 1 2 3 4 5; do
  port=${SFTP_PORT:-$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')}
  { printf '%s\n' "Port $port" "ListenAddress 127.0.0.1" "HostKey $dir/host_key" \
      "AuthorizedKeysFile $dir/authorized_keys" "PidFile none" "UsePAM no" "StrictModes no" "PasswordAuthentication no" \
      "KbdInteractiveAuthentication no" "PermitRootLogin prohibit-password" "MaxStartups 64" "Subsystem sftp internal-sftp"
    printf '%s\n' "$@"; } > "$dir/sshd_config"
  "$sshd" -D -e -f "$dir/sshd_config" > "$dir/log" 2>&1 < /dev/null &
  pid=$!
  for tick in $(seq 100); do
    kill -0 "$pid" 2>/dev/null || break
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      printf 'SFTP_PORT=%s\nSFTP_USER=%s\n' "$port" "$(id -un)" > "$dir/env"
      echo "[127.0.0.1]:$port $(cut -d' ' -f1,2 "$dir/host_key.pub")" > "$dir/known_hosts"
      echo "$pid" > "$dir/pid"
      ( while kill -0 "$caller" 2>/dev/null && kill -0 "$pid" 2>/dev/null; do sleep 1; done
        kill "$pid" 2>/dev/null ) > /dev/null 2>&1 < /dev/null &
      exit 0
    fi
    sleep 0.05
  done
  kill "$pid" 2>/dev/null || true
done
tail -n 20 "$dir/log" >&2
die "sshd did not start"
