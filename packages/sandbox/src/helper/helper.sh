# The resident helper: POSIX sh (tried with dash, bash and busybox), given to "sh -c" as an argument, so that nothing
# is installed in the sandbox. It reads one request a line, "nonce operation body =first =second =third", arguments
# escaped as printf %b reads them, and answers with a payload closed by the line "nonce status". The body is "-" for
# none, "=text", or how many bytes follow the line. sh reads a line from a pipe byte by byte, so it never takes what
# belongs to dd.

# Small texts lie in memory ($work), where a write costs no disk a thing; what may be large on the disk ($heap). An image
# may have no /tmp that everyone can write, and no /dev/shm.
heap=$(umask 077; mktemp -d /tmp/openhands.XXXXXX 2>/dev/null || mktemp -d "$HOME/.openhands.XXXXXX") || heap=/nonexistent
work=$(umask 077; mktemp -d /dev/shm/openhands.XXXXXX 2>/dev/null) || work=$heap
trap 'rm -rf "$work" "$heap"' EXIT
trap 'exit 143' TERM HUP INT
# what this dd can: whole blocks from a pipe, and ranges that are told in bytes
whole=no ranges=no
if [ "$(printf abcd | dd bs=3 skip=1 count=2 iflag=fullblock,skip_bytes,count_bytes 2>/dev/null)" = bc ]; then whole=yes ranges=yes
elif [ "$(printf abc | dd bs=3 count=1 iflag=fullblock 2>/dev/null)" = abc ]; then whole=yes; fi
if dd if=/dev/null of="$heap/flushed" conv=fsync 2>/dev/null; then flush=conv=fsync; else flush=; fi
umask 022
attributes=

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

# lays the request's body ($1) into the file $2 of the folder $3
lay() {
  # the agent may have removed it, or the right to write there
  [ -w "$3" ] || { mkdir -m 700 "$3" || chmod 700 "$3"; } 2>/dev/null
  [ -w "$3/$2" ] || [ ! -e "$3/$2" ] || rm -f "$3/$2"
  case $1 in
    -) true >"$3/$2" ;;
    =*) printf '%b' "${1#=}" >"$3/$2" ;;
    # what there is no room for is still taken off the pipe, or it would be read as requests
    *) receive "$1" | { cat >"$3/$2" || { cat >/dev/null; false; }; } ;;
  esac
}

# The request's body as the file $1 in $work. Where memory has no room, or lets nobody write, small texts lie on the disk
# from now on; a body that came behind the request's line would have to come again.
lay_small() {
  lay "$body" "$1" "$work" && return
  [ "$work" != "$heap" ] || return
  rm -rf "$work"
  work=$heap
  case $body in - | =*) lay "$body" "$1" "$work" ;; *) false ;; esac
}

# the request's body as the file $brought
lay_body() {
  case $body in
    - | =*) lay_small body; laid=$?; brought=$work/body; return $laid ;;
    *) brought=$heap/body; lay "$body" body "$heap" ;;
  esac
}

# At most a page more than $2 bytes: /proc has files of size 0 without an end, and others grow.
read_file() {
  if [ -d "$1" ]; then status=directory; return; fi
  if [ ! -e "$1" ]; then status=missing; return; fi
  if [ ! -f "$1" ]; then status=special; return; fi
  if [ ! -r "$1" ]; then status=denied; return; fi
  head -c $(($2 + 4096)) <"$1" || status=failed
}

# the size of a file in bytes, as its folder tells it
tell_size() {
  ls -lnL "$1" | { read -r mode links owner group size rest; printf %s "$size"; }
}

# says what went wrong, of which dd says more than a line
explain() {
  if [ -s "$heap/said" ]; then head -n 1 "$heap/said"; else echo "no space left"; fi
}

# lays the file $1 down as the file $2, on the disk before it returns
put() {
  dd bs=65536 of="$2" $flush <"$1" 2>"$heap/said" || { explain; false; }
}

# the text that came with the request
tell_brought() {
  case $body in
    -) ;;
    =*) printf '%b' "${body#=}" ;;
    *) cat "$brought" ;;
  esac
}

# $target with its bytes from $from to $to replaced by what was brought, laid down as the file $1 as put does it. Only
# where the outcome and what it was made of are those that were asked for: else $status is "changed" and it returns 3
join() {
  if [ $ranges = yes ]; then join_ranges >"$1"; else join_parts >"$1" && flush_file "$1"; fi 2>"$heap/said" || {
    explain
    return 1
  }
  await_sums
  # the name of the first is "-", so whatever the second is called, these are the words; a file may have any name
  set -f
  sums=$(cksum - "$1" <"$target")
  set -- "$1" $sums
  set +f
  [ "$2:$3 $5:$6" = "$before $after" ] && return
  if [ "$2:$3" = "$after" ]; then status=done; else status=changed; fi
  return 3
}

# the line with the checksums before and after, which comes while the rest is done; once
await_sums() {
  [ -n "$before" ] || IFS=' ' read -r before after
}

join_ranges() {
  [ "$from" -eq 0 ] || dd bs=65536 iflag=count_bytes count="$from" <"$target" || return
  tell_brought && dd bs=65536 iflag=skip_bytes skip="$to" $flush <"$target"
}

join_parts() {
  [ "$from" -eq 0 ] || head -c "$from" <"$target" || return
  tell_brought && tail -c "+$((to + 1))" <"$target"
}

flush_file() {
  [ -z "$flush" ] || dd if=/dev/null of="$1" conv=notrunc,fsync
}

# the new content as the file $1
fill() {
  if [ "$operation" = splice ]; then join "$1"; else put "$brought" "$1"; fi
}

# One name, and what owner and mode made of the copy: else a rename would part the names or give the file to another.
alike() {
  [ -s "$heap/seen" ] || status=noroom
  {
    read -r mode links owner group rest
    read -r other_mode other_links other_owner other_group rest
  } <"$heap/seen"
  [ "$links $other_links" = "1 1" ] && [ "$mode $owner $group" = "$other_mode $other_owner $other_group" ]
}

# gives the file $1 the set-id bits in $mode, as ls tells it: the kernel takes them from a file that is written to
set_ids() {
  case $mode in ???[sS]*) chmod u+s "$1" 2>/dev/null ;; esac
  case $mode in ??????[sS]*) chmod g+s "$1" 2>/dev/null ;; esac
  return 0
}

# as GNU's cp can, without the content
can_copy_attributes() {
  if [ -z "$attributes" ]; then
    if cp --attributes-only "$brought" "$heap/copy" 2>/dev/null; then attributes=apart; else attributes=together; fi
  fi
  [ $attributes = apart ]
}

# Whole or not at all: a copy beside it takes its place. $1 file, $2 the copy; returns 2 where that can't be
replace() {
  if [ ! -e "$1" ]; then
    { [ -d "${1%/*}/" ] || mkdir -p "${1%/*}/" 2>&1; } && put "$brought" "$2" && mv -f "$2" "$1" 2>&1
    return
  fi
  [ -w "${1%/*}/" ] || return 2
  if can_copy_attributes; then
    # beside the filling, so nobody else may read what is not yet as private as it will be
    umask 077; true >"$2"; umask 022
    { cp --attributes-only --preserve=mode,ownership "$1" "$2" 2>/dev/null; ls -ldn "$1" "$2"; } >"$heap/seen" &
  else
    cp -p "$1" "$2" 2>&1 || return 1
    ls -ldn "$1" "$2" >"$heap/seen" &
  fi
  fill "$2"
  filled=$?
  wait $!
  alike || return 2
  [ $filled -eq 0 ] || return $filled
  set_ids "$2"
  mv -f "$2" "$1" 2>/dev/null || return 2
}

# For hard links, mounted files and folders that take no new file: these have no other way to keep what they are. What
# was there goes back where there is no room.
overwrite() {
  new=$brought
  if [ "$operation" = splice ]; then new=$heap/joined; join "$new" || return; fi
  cat "$1" 2>&1 >"$heap/old" || return 1
  mode=$(ls -ldn "$1")
  put "$new" "$1" || { put "$heap/old" "$1" >/dev/null; set_ids "$1"; return 1; }
  set_ids "$1"
}

# $1 path of a file that may be written, $2 what names of temporary files begin with: those that a killed helper left in
# its folder are taken away. Makes $target of it, or a status that says why not
aim() {
  case $1 in */) status=directory; return 1 ;; esac
  if [ -d "$1" ]; then status=directory; return 1; fi
  if [ -e "$1" ] && [ ! -f "$1" ]; then status=special; return 1; fi
  if [ -e "$1" ] && [ ! -w "$1" ]; then status=denied; return 1; fi
  target=$1
  if [ -L "$1" ]; then target=$(readlink -f "$1"; printf .); target=${target%??}; fi
  for left in "${target%/*}/$2"*; do
    [ ! -f "$left" ] || rm -f "$left"
  done
}

# $target gets its new content through the file $1, or else in place; prints why not
renew() {
  replace "$target" "$1"
  result=$?
  [ $result -eq 0 ] || rm -f "$1"
  if [ $result -eq 2 ] && [ $status = ok ]; then overwrite "$target"; result=$?; fi
  if [ $result -ne 0 ] && [ $status = ok ]; then status=failed; fi
}

# $1 path, $2 size, $3 "any", "new" where it must not exist, "again" where a helper that died may have made it; $4 as in
# aim
write_file() {
  if [ "$3" = again ] && [ -f "$1" ] && cmp -s "$brought" "$1"; then return; fi
  if [ "$3" != any ] && [ ! -d "$1" ] && { [ -e "$1" ] || [ -L "$1" ]; }; then status=exists; return; fi
  aim "$1" "$4" || return
  # a request that broke off is no file
  [ "${body#=}" != "$body" ] || [ $(($(wc -c <"$brought"))) -eq "$2" ] || { status=failed; return; }
  renew "${target%/*}/$4$nonce"
}

# $1 path, $2 and $3 the bytes that are replaced, $4 as in aim
splice_file() {
  from=$2 to=$3
  if [ ! -e "$1" ]; then status=missing; return; fi
  command -v cksum >/dev/null 2>&1 || { status=unable; return; }
  aim "$1" "$4" || return
  renew "${target%/*}/$4$nonce"
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
    size) tell_size "$first" ;;
    lay)
      lay_small "$first" || status=noroom
      { read -r uptime rest </proc/uptime; } 2>/dev/null || uptime=0
      count_kills
      look_for_room
      printf '%s\n%s\n%s\n%s' "$work/$first" "$uptime" "$room" "$kills"
      ;;
    write)
      if lay_body; then write_file "$first" "$second" "${third#=}" "${fourth#=}"; else status=noroom; fi
      ;;
    splice)
      before=
      if lay_body; then splice_file "$first" "$second" "${third#=}" "${fourth#=}"; else status=noroom; fi
      await_sums
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
      if lay_body; then work=$work sh -c "$first" <"$brought" 2>&1 || status=failed; else status=noroom; fi
      ;;
    *) status=unknown ;;
  esac
  printf '\n%s %s\n' "$nonce" "$status"
done
