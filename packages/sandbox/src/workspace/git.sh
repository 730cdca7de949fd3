# What the person asks of git, given to "sh -c" and run once for each call, in the workspace. A repository is something
# that an agent has made: nothing that its configuration names is run but filters, without which git can't tell whether a
# file has changed, and these end with the call. The repositories of a workspace are itself and the folders in it.
#
# $1 operation; what follows it stands with each.

root=$(pwd -P)
export GIT_OPTIONAL_LOCKS=0 GIT_TERMINAL_PROMPT=0 GIT_LITERAL_PATHSPECS=1 GIT_CONFIG_GLOBAL=/dev/null GIT_PAGER=cat
export GIT_CEILING_DIRECTORIES="${root%/*}" LC_ALL=C
unset GIT_DIR GIT_WORK_TREE
command -v git >/dev/null 2>&1 || { echo nogit; exit; }

quiet_git() {
  git -c core.fsmonitor=false -c core.hooksPath=/dev/null -c core.untrackedCache=false -c safe.directory='*' \
    -c protocol.allow=never -c diff.external= -c core.quotePath=false -c submodule.recurse=false "$@" 2>/dev/null
}

within() {
  case $1/ in "${root%/}"/*) return 0 ;; esac
  return 1
}

# $base: what is compared with. $1: what was asked for, or nothing
find_base() {
  if [ "$1" ]; then
    base=$(quiet_git rev-parse --verify --quiet --end-of-options "$1^{tree}")
    return
  fi
  upstream=$(quiet_git rev-parse --verify --quiet '@{upstream}' || quiet_git rev-parse --verify --quiet refs/remotes/origin/HEAD)
  base=$(quiet_git merge-base HEAD "${upstream:-HEAD}" || quiet_git rev-parse --verify --quiet HEAD)
  [ "$base" ] || base=$(quiet_git hash-object -t tree /dev/null)
}

# goes to a repository; false where there is none
enter() {
  cd -P -- "$root/$1" 2>/dev/null && within "$(pwd -P)" && [ -e .git ]
}

# For each repository: its folder, what git says of its changes, an empty field, files that git does not know, an empty
# field; each field closed by a zero byte. One that does not have what is compared with says `noref` before two empty ones.
changes() {
  echo ok
  cd "$root" || exit
  for folder in . */ .[!.]*/; do
    folder=${folder%/}
    (
      enter "$folder" || exit
      find_base "$1"
      [ "$base" ] || { printf '%s\0noref\0\0\0' "$folder"; exit; }
      printf '%s\0' "$folder"
      quiet_git diff --name-status -z -M --no-ext-diff --no-textconv --ignore-submodules=all "$base" --
      printf '\0'
      quiet_git ls-files --others --exclude-standard -z
      printf '\0'
    )
  done | head -c 16777216
}

# $1 the first folder of a path: is it a repository, or else the workspace?
which() {
  echo ok
  if (enter "$1"); then echo first; elif (enter .); then echo workspace; else echo none; fi
}

# $1 bytes of what cat-file or a file gives, or why not
side() {
  size=$1
  shift
  if [ "$size" -gt 1048576 ]; then echo large; return; fi
  printf '%s\n' "$size"
  "$@"
}

send_file() {
  within "$(readlink /proc/self/fd/3)" && [ -f /proc/self/fd/3 ] || { echo none; return; }
  side "$(stat -L -c %s /proc/self/fd/3)" head -c 1048576 <&3
}

# $1 repository, $2 path in it, $3 its path in what is compared with, $4 what is compared with
diff() {
  enter "$1" || { echo norepository; exit; }
  find_base "$4"
  [ "$base" ] || { echo noref; exit; }
  echo ok
  if size=$(quiet_git cat-file -s "$base:$3"); then side "$size" quiet_git cat-file blob "$base:$3"; else echo none; fi
  if [ -L "./$2" ]; then
    target=$(readlink -- "./$2")
    side "$(printf %s "$target" | wc -c)" printf %s "$target"
  elif [ -f "./$2" ] && [ -r "./$2" ]; then
    { send_file; } 3<"./$2"
  else
    echo none
  fi
}

# $1 repository, $2 path in it, $3 what is gone back to
revert() {
  enter "$1" || { echo norepository; exit; }
  unset GIT_OPTIONAL_LOCKS
  find_base "$3"
  [ "$base" ] || { echo noref; exit; }
  if quiet_git cat-file -e "$base:$2"; then
    quiet_git checkout "$base" -- "$2" || { echo failed; exit; }
  else
    quiet_git rm --quiet --cached --ignore-unmatch -- "$2" || { echo failed; exit; }
    case $2 in */*) folder=${2%/*} ;; *) folder=. ;; esac
    if cd -P -- "./$folder" 2>/dev/null && within "$(pwd -P)"; then rm -f -- "./${2##*/}" || { echo failed; exit; }; fi
  fi
  echo ok
}

operation=$1
shift
"$operation" "$@"
