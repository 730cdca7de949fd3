# The resident helper: POSIX sh (tried with dash, bash and busybox), given to "sh -c" as an argument, so that nothing
# is installed in the sandbox. It reads one request a line, "nonce operation body =first =second =third", arguments
# escaped as printf %b reads them, and answers with a payload closed by the line "nonce status". The body is "-" for
# none, "=text", or how many bytes follow the line. sh reads a line from a pipe byte by byte, so it never takes what
# belongs to dd.

# an image may have no /tmp that everyone can write
work=$(umask 077; mktemp -d /tmp/openhands.XXXXXX 2>/dev/null || mktemp -d "$HOME/.openhands.XXXXXX") || work=/nonexistent
trap 'rm -rf "$work"' EXIT
trap 'exit 143' TERM HUP INT
if [ "$(printf abc | dd bs=3 count=1 iflag=fullblock 2>/dev/null)" = abc ]; then whole=yes; else whole=no; fi
if dd if=/dev/null of="$work/flushed" conv=fsync 2>/dev/null; then flush=conv=fsync; else flush=; fi
umask 022

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

# lays the request's body ($1) into $work/$2
lay() {
  [ -d "$work" ] || mkdir -m 700 "$work"
  case $1 in
    -) true >"$work/$2" ;;
    =*) printf '%b' "${1#=}" >"$work/$2" ;;
    # what there is no room for is still taken off the pipe, or it would be read as requests
    *) receive "$1" | { cat >"$work/$2" || { cat >/dev/null; false; }; } ;;
  esac
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

# lays $work/$1 down as the file $2, on the disk before it returns
put() {
  dd bs=65536 of="$2" $flush <"$work/$1" 2>"$work/said" || { head -n 1 "$work/said" >&2; false; }
}

# One name, and what owner and mode made of the copy: else a rename would part the names or give the file to another.
alike() {
  ls -ldn "$1" "$2" | {
    read -r mode links owner group rest
    read -r other_mode other_links other_owner other_group rest
    [ "$links $other_links" = "1 1" ] && [ "$mode $owner $group" = "$other_mode $other_owner $other_group" ]
  }
}

# Whole or not at all: a copy beside it takes its place. $1 file, $2 the copy; returns 2 where that can't be
replace() {
  if [ ! -e "$1" ]; then
    mkdir -p "${1%/*}/" && put body "$2" && mv -f "$2" "$1"
    return
  fi
  [ -w "${1%/*}/" ] || return 2
  # GNU's cp can leave the content out, which is replaced at once
  cp -p --attributes-only "$1" "$2" 2>/dev/null || cp -p "$1" "$2" || return 1
  alike "$1" "$2" || return 2
  put body "$2" || return 1
  mv -f "$2" "$1" || return 2
}

# For hard links, mounted files and folders that take no new file: these have no other way to keep what they are. What
# was there goes back where there is no room.
overwrite() {
  cat "$1" >"$work/old" || return 1
  if put body "$1"; then return; fi
  put old "$1" 2>/dev/null
  false
}

# $1 path, $2 size, $3 "any", "new" where it must not exist, "again" where a helper that died may have made it; $4 what
# names of temporary files begin with: those that a killed helper left in the folder are taken away
write_file() {
  case $1 in */) status=directory; return ;; esac
  if [ -d "$1" ]; then status=directory; return; fi
  if [ "$3" = again ] && [ -f "$1" ] && cmp -s "$work/body" "$1"; then return; fi
  if [ "$3" != any ] && { [ -e "$1" ] || [ -L "$1" ]; }; then status=exists; return; fi
  if [ -e "$1" ] && [ ! -f "$1" ]; then status=special; return; fi
  if [ -e "$1" ] && [ ! -w "$1" ]; then status=denied; return; fi
  target=$1
  if [ -L "$1" ]; then target=$(readlink -f "$1"; printf .); target=${target%??}; fi
  for left in "${target%/*}/$4"*; do
    [ ! -f "$left" ] || rm -f "$left"
  done
  # a request that broke off is no file
  [ $(($(wc -c <"$work/body"))) -eq "$2" ] || { status=failed; return; }
  temporary=${target%/*}/$4$nonce
  replace "$target" "$temporary" 2>"$work/error"
  case $? in
    0) return ;;
    2) rm -f "$temporary"; if overwrite "$target" 2>"$work/error"; then return; fi ;;
    *) rm -f "$temporary" ;;
  esac
  status=failed
  cat "$work/error"
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

while IFS=' ' read -r nonce operation body first second third fourth; do
  status=ok
  decode "${first#=}"; first=$value
  decode "${second#=}"; second=$value
  case $operation in
    read) read_file "$first" "$second" ;;
    lay)
      lay "$body" "$first" || status=noroom
      { read -r uptime rest </proc/uptime; } 2>/dev/null || uptime=0
      count_kills
      look_for_room
      printf '%s\n%s\n%s\n%s' "$work/$first" "$uptime" "$room" "$kills"
      ;;
    write)
      if lay "$body" body; then write_file "$first" "$second" "${third#=}" "${fourth#=}"; else status=noroom; fi
      ;;
    list) list_directory "$first" ;;
    processes) list_processes ;;
    memory)
      count_kills
      { read -r limit <"$most_memory"; } 2>/dev/null || limit=
      printf '%s\n%s' "$kills" "$limit"
      ;;
    signal) kill -s "$first" $second 2>/dev/null ;;
    pipe)
      if lay "$body" body; then work=$work sh -c "$first" <"$work/body" 2>&1 || status=failed; else status=noroom; fi
      ;;
    *) status=unknown ;;
  esac
  printf '\n%s %s\n' "$nonce" "$status"
done
