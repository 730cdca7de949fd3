# The resident helper: POSIX sh (tried with dash, bash and busybox), given to "sh -c" as an argument, so that nothing
# is installed in the sandbox. It reads one request a line, "nonce operation =first =second =third", arguments escaped
# as printf %b reads them, and answers with a payload closed by the line "nonce status". Bytes too many for a line
# follow it, counted. sh reads a line from a pipe byte by byte, so it never takes what belongs to dd.

work=$(umask 077; mktemp -d /tmp/openhands.XXXXXX 2>/dev/null || mktemp -d) || work=/nonexistent
trap 'rm -rf "$work"' EXIT
trap 'exit 143' TERM HUP INT
if [ "$(printf abc | dd bs=3 count=1 iflag=fullblock 2>/dev/null)" = abc ]; then whole=yes; else whole=no; fi

# where this sandbox's own limits are told: cgroup v1, else v2, else nowhere
memory=/sys/fs/cgroup/memory/memory.oom_control most_memory=/sys/fs/cgroup/memory/memory.limit_in_bytes
[ -r "$memory" ] || memory=/sys/fs/cgroup/memory.events most_memory=/sys/fs/cgroup/memory.max
processes=/sys/fs/cgroup/pids
[ -d "$processes" ] && processes=$processes/pids

# how often the kernel ended a process here for its memory, into $kills; 0 where nobody tells. Forks nothing.
count_kills() {
  kills=0
  { while read -r name value; do [ "$name" = oom_kill ] && kills=$value; done <"$memory"; } 2>/dev/null
}

# $room: "no" where hardly another process may be started; a shell and what it calls take a few. Forks nothing.
look_for_room() {
  room=yes
  { read -r most <"$processes.max" && read -r now <"$processes.current"; } 2>/dev/null || return 0
  if [ "$most" != max ] && [ "$now" -gt $((most - 16)) ]; then room=no; fi
}

decode() {
  case $1 in
    *\\*) value=$(printf '%b.' "$1"); value=${value%.} ;;
    *) value=$1 ;;
  esac
}

# $1 bytes from the request's tail to standard output
receive() {
  if [ "$whole" = no ]; then dd bs=1 count="$1" 2>/dev/null; return; fi
  [ "$1" -lt 65536 ] || dd bs=65536 count=$(($1 / 65536)) iflag=fullblock 2>/dev/null
  [ $(($1 % 65536)) -eq 0 ] || dd bs=$(($1 % 65536)) count=1 iflag=fullblock 2>/dev/null
}

# lays the request's text, inline ($2) or in its tail ($1 bytes), into $work/$3
lay() {
  [ -d "$work" ] || mkdir -m 700 "$work"
  if [ "$1" -eq 0 ]; then printf '%b' "$2" >"$work/$3"; return; fi
  # what there is no room for is still taken off the pipe, or it would be read as requests
  receive "$1" | { cat >"$work/$3" || { cat >/dev/null; false; }; }
}

read_file() {
  if [ -d "$1" ]; then status=directory; return; fi
  if [ ! -e "$1" ]; then status=missing; return; fi
  if [ ! -f "$1" ]; then status=special; return; fi
  if [ ! -r "$1" ]; then status=denied; return; fi
  size=$(($(wc -c <"$1")))
  if [ "$size" -gt "$2" ]; then status=large; printf %s "$size"; return; fi
  # at most a page more than was asked for: /proc has files of size 0 without an end, and others grow
  head -c $(($2 + 4096)) <"$1" || status=failed
}

# no ":" with a redirection: where that fails it ends a POSIX shell
replace() {
  umask 022
  mkdir -p "$(dirname "$1")" &&
    if [ -e "$1" ]; then cp -p "$1" "$2"; else true >"$2"; fi &&
    cat "$work/body" >"$2" &&
    [ $(($(wc -c <"$2"))) -eq "$3" ] &&
    mv -f "$2" "$1"
}

# $1 path, $2 size, $3 "new" where it must not exist yet
write_file() {
  if [ -d "$1" ]; then status=directory; return; fi
  if [ "$3" = new ] && { [ -e "$1" ] || [ -L "$1" ]; }; then status=exists; return; fi
  if [ -e "$1" ] && [ ! -f "$1" ]; then status=special; return; fi
  if [ -e "$1" ] && [ ! -w "$1" ]; then status=denied; return; fi
  target=$1
  if [ -L "$1" ]; then target=$(readlink -f "$1"; printf .); target=${target%??}; fi
  temporary=$(dirname "$target"; printf .)
  temporary=${temporary%??}/.openhands-$nonce
  if replace "$target" "$temporary" "$2" 2>"$work/error"; then return; fi
  status=failed
  cat "$work/error"
  rm -f "$temporary"
}

entry() {
  if [ -d "$1" ]; then printf '%s/\0' "$1"; else printf '%s\0' "$1"; fi
}

list_directory() {
  if [ ! -d "$1/" ]; then status=missing; return; fi
  if [ ! -r "$1/" ]; then status=denied; return; fi
  hidden=0
  for item in "$1"/.[!.]* "$1"/..?*; do
    if [ -e "$item" ] || [ -L "$item" ]; then hidden=$((hidden + 1)); fi
  done
  printf '%s\0' "$hidden"
  for item in "$1"/*; do
    [ -e "$item" ] || [ -L "$item" ] || continue
    entry "$item"
    if [ ! -d "$item" ] || [ -L "$item" ]; then continue; fi
    for child in "$item"/*; do
      if [ -e "$child" ] || [ -L "$child" ]; then entry "$child"; fi
    done
  done
}

# one line a process: pid, then the fields of its stat from the state on
list_processes() {
  for stat in /proc/[0-9]*/stat; do
    { read -r line <"$stat"; } 2>/dev/null || continue
    printf '%s %s\n' "${line%% *}" "${line##*) }"
  done
}

while IFS=' ' read -r nonce operation first second third; do
  status=ok
  decode "${first#=}"; first=$value
  case $operation in
    read) decode "${second#=}"; read_file "$first" "$value" ;;
    lay)
      lay "${second#=}" "${third#=}" "$first" || status=failed
      { read -r uptime rest </proc/uptime; } 2>/dev/null || uptime=0
      count_kills
      look_for_room
      printf '%s\n%s\n%s\n%s' "$work/$first" "$uptime" "$room" "$kills"
      ;;
    write) decode "${second#=}"; size=$value; decode "${third#=}"; write_file "$first" "$size" "$value" ;;
    list) list_directory "$first" ;;
    processes) list_processes ;;
    memory)
      count_kills
      { read -r limit <"$most_memory"; } 2>/dev/null || limit=
      printf '%s\n%s' "$kills" "$limit"
      ;;
    signal) decode "${second#=}"; kill -s "$first" $value 2>/dev/null ;;
    pipe) sh -c "$first" <"$work/body" 2>&1 || status=failed ;;
    *) status=unknown ;;
  esac
  printf '\n%s %s\n' "$nonce" "$status"
done
