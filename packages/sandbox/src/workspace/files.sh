# What the person does with files, given to "sh -c" and run once for each call, in the workspace. POSIX sh (tried with
# dash, bash and busybox). Links are followed as long as they stay in the workspace: a folder is entered first and where
# that has led is looked at then, a file is opened first and what was opened is looked at then, so nothing is gained by
# changing a path in between.
#
# $1 operation, $2 folder, $3 name in it, $4 nonce. The first line of the answer is one word and what belongs to it.

root=$(pwd -P)
folder=$2 name=$3 nonce=$4

say() {
  printf '%s\n' "$*"
  exit 0
}

within() {
  case $1/ in "${root%/}"/*) return 0 ;; esac
  return 1
}

enter() {
  if ! cd -P -- "$1" 2>/dev/null; then
    if [ -d "$1" ]; then say denied; fi
    say missing
  fi
  within "$(pwd -P)" || say outside
}

# to the folder, which is made where it is not there, a step at a time
enter_making() {
  rest=$folder/
  while [ "$rest" ]; do
    part=${rest%%/*} rest=${rest#*/}
    [ -e "./$part" ] || [ -L "./$part" ] || mkdir -- "./$part" 2>/dev/null
    if [ ! -d "./$part" ] && [ -e "./$part" ]; then say nofolder; fi
    [ -d "./$part" ] || say denied
    enter "./$part"
  done
}

# descriptor 3 is the file
send() {
  within "$(readlink /proc/self/fd/3)" || say outside
  [ -f /proc/self/fd/3 ] || say special
  size=$(stat -L -c %s /proc/self/fd/3) || say failed
  printf 'ok %s\n' "$size"
  head -c "$size" <&3
}

read_file() {
  enter "$folder"
  [ -e "./$name" ] || say missing
  [ ! -d "./$name" ] || say directory
  [ -f "./$name" ] || say special
  [ -r "./$name" ] || say denied
  { send; } 3<"./$name"
}

# an entry's line ends in a slash, which no name has
list_folder() {
  enter "$folder"
  [ -r . ] || say denied
  echo ok
  printf '%s\0' ./* ./.[!.]* ./..?* | xargs -0 stat -c '%f %s %Y %n/' 2>/dev/null | head -c 16777216
}

if [ "$(printf abc | dd bs=3 count=1 iflag=fullblock 2>/dev/null)" = abc ]; then whole=yes; else whole=no; fi

# $1 bytes from standard input
receive() {
  if [ "$whole" = yes ]; then dd bs="$1" count=1 iflag=fullblock 2>/dev/null; else dd bs=1 count="$1" 2>/dev/null; fi
}

# pieces, each behind a line with its length, to the line "end": what breaks off has no end, and is no file
receive_all() {
  while read -r length; do
    [ "$length" != end ] || return 0
    receive "$length" || return 1
  done
  return 1
}

# a name beside those that are there
free_name() {
  stem=$name ending=
  case $name in
    ?*.*) stem=${name%.*} ending=.${name##*.} ;;
  esac
  number=1
  while [ -e "./$name" ] || [ -L "./$name" ]; do
    number=$((number + 1)) name="$stem-$number$ending"
  done
}

# $1 "replace" or "beside"
write_file() {
  enter_making
  [ "$1" = replace ] || free_name
  if [ -L "./$name" ]; then
    target=$(readlink -f -- "./$name")
    within "$target" || say outside
    name=${target##*/}
    enter "${target%/*}/"
  fi
  [ ! -d "./$name" ] || say directory
  if [ -e "./$name" ] && [ ! -f "./$name" ]; then say special; fi
  if [ -e "./$name" ] && [ ! -w "./$name" ]; then say denied; fi
  temporary=./.openhands-upload-$nonce
  trap 'rm -f "$temporary"' EXIT
  trap 'exit 1' TERM HUP INT
  (set -C; : >"$temporary") 2>/dev/null || say denied
  if [ -e "./$name" ]; then chmod "$(stat -c %a "./$name")" "$temporary" 2>/dev/null; fi
  echo ready
  receive_all >"$temporary" || say failed
  mv -fT "$temporary" "./$name" 2>/dev/null || mv -f "$temporary" "./$name" 2>/dev/null || say denied
  say "ok $name"
}

# $nonce: the most kilobytes that are sent
archive() {
  enter "$folder"
  # as long as its files are: holes and further names of a file take no room here, but do in an archive
  size=$(du -skxl --apparent-size . 2>/dev/null | cut -f1)
  [ "$size" ] || size=$(du -skxl . 2>/dev/null | cut -f1)
  [ "$size" -le "$nonce" ] || say large
  command -v tar >/dev/null 2>&1 || say notar
  # a file of several names is sent under each of them
  set -- --hard-dereference --quoting-style=literal
  tar "$@" --version >/dev/null 2>&1 || set --
  echo ok
  # on standard error it says what it could not read
  exec tar "$@" -cf - .
}

case $1 in
  read) read_file ;;
  list) list_folder ;;
  write) write_file replace ;;
  upload) write_file beside ;;
  archive) archive ;;
esac
