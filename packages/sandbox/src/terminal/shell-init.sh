# Read by the conversation's shell when it starts, bash or a plain sh: after it, nothing is printed but what commands
# print, and each command can be told apart by its markers. They go to the terminal itself, for a command may have
# redirected the shell's own output; and the prompt gives the end marker too, for an interrupt leaves out the rest of
# the line that evaluates a command.
__oh_bash=${BASH_VERSION-}
__oh_status=0
__oh_were=
if (: >/dev/tty) 2>/dev/null; then __oh_tty=/dev/tty; else __oh_tty=$(tty); fi
__oh_bell=$(printf '\007')
__oh_escape=$(printf '\033')
PS1= PS2= PS4='+ '
unset MAILCHECK MAIL MAILPATH TMOUT HISTFILE PROMPT_COMMAND ENV
if [ -n "$__oh_bash" ]; then set +H +o history; bind 'set enable-bracketed-paste off' 2>/dev/null; fi

# where this sandbox's own limits are told, as the helper knows it too: cgroup v1, else v2, else nowhere
__oh_memory=/sys/fs/cgroup/memory/memory.oom_control
[ -r "$__oh_memory" ] || __oh_memory=/sys/fs/cgroup/memory.events
__oh_processes=/sys/fs/cgroup/pids
[ ! -d "$__oh_processes" ] || __oh_processes=$__oh_processes/pids
# a shell and what it calls take a few
__oh_most=
IFS= read -r __oh_most <"$__oh_processes.max" || __oh_=
case $__oh_most in '' | *[!0-9]*) __oh_most= ;; *) __oh_most=$((__oh_most - 16)) ;; esac

# what the terminal goes through; where it has been killed the shell is heard for a moment more, then no more
__oh_parent=/proc/$PPID
[ -d "$__oh_parent" ] || __oh_parent=/

__oh_lost='command echo "The command was lost on its way to the shell: nothing was run. Should that go on, set \`reset\` to true." >&2; command false'

# $1 nonce, $2 our folder: from here on the prompt tells the end too
__oh_ready() {
  # the one name that all of ours rely on
  unset -f command
  __oh_nonce=$1
  __oh_folder=$2
  # where it is read-only, an assignment would end this function
  { [ -n "$__oh_bash" ] && command declare -g PROMPT_COMMAND="__oh_end $1"; } || __oh_prompt "$1"
}

# takes up the command that lies in the folder
__oh_begin() {
  if [ -n "$__oh_bash" ]; then
    IFS= command read -r -d '' __oh_command <"$__oh_folder/command" || __oh_=
  else
    __oh_command=$(command cat "$__oh_folder/command"; command printf .)
    __oh_command=${__oh_command%.}
  fi
  # a command is begun once
  command printf '' >|"$__oh_folder/command" || __oh_=
  if [ -z "$__oh_command" ]; then __oh_command=$__oh_lost; fi
  __oh_start
}

# $1 command as printf %b reads it: takes it up, in bash only, where somebody still hears it, another process may be
# started and the folder can be written to. Elsewhere nothing is run, and its end is told without its start
__oh_take() {
  command printf -v __oh_command %b "$1" || __oh_=
  if [ -n "$__oh_command" ] && [ -d "$__oh_parent" ] && __oh_room && __oh_note; then
    __oh_uptime=
    IFS=' ' command read -r __oh_uptime __oh_ </proc/uptime || __oh_=
    __oh_kills=
    IFS= command read -r -d '' __oh_kills <"$__oh_memory" || __oh_=
    __oh_kills=${__oh_kills##*oom_kill }
    __oh_start "$__oh_uptime" "${__oh_kills%%[!0-9]*}"
  else
    __oh_command=__oh_last
    __oh_last
  fi
}

__oh_room() {
  [ -n "$__oh_most" ] || return 0
  IFS= command read -r __oh_now <"$__oh_processes.current" || return 0
  [ "$__oh_now" -le "$__oh_most" ]
}

# writes down that the command is begun, for where nobody hears the marker any more
__oh_note() {
  command printf %s "$__oh_nonce" >|"$__oh_folder/begun"
}

# $1 and $2: what is told with it. What can't be told to have begun is not run
__oh_start() {
  __oh_tell_start "$@" >"$__oh_tty" || __oh_tell_start "$@" || __oh_command=__oh_last
  __oh_last
}

__oh_tell_start() {
  command printf '\033]133;C;%s;%s;%s\007' "$__oh_nonce" "${1-}" "${2-}"
}

# the last command's status
__oh_last() {
  case $- in
    *e*) return 0 ;;
  esac
  return "${__oh_status:-0}"
}

# $1 nonce: the prompt itself tells the end
__oh_prompt() {
  PS1="${__oh_escape}]133;D;\$?;$1;;\$PWD;$1${__oh_bell}"
}

# writes down the exported variables, and sets __oh_changed to 1 where they are others than they were
__oh_export() {
  __oh_changed=1
  [ -n "${__oh_folder-}" ] || return 0
  { command export -p >|"$__oh_folder/exported"; } 2>/dev/null || { __oh_were=; return 0; }
  case $- in
    # all that is set is exported then, what is set here too: nothing is compared
    *a*) return 0 ;;
  esac
  if [ -n "$__oh_bash" ]; then IFS= command read -r -d '' __oh_are <"$__oh_folder/exported" || __oh_=; else __oh_are=$(command export -p); fi
  if [ "$__oh_are" = "${__oh_were-}" ]; then __oh_changed=; fi
  __oh_were=$__oh_are
}

# $1 nonce
__oh_tell_end() {
  command printf '\033]133;D;%s;%s;%s;%s;%s\007' "${__oh_status-}" "$1" "$__oh_changed" "${PWD-}" "$1"
}

# $1 nonce; the prompt calls it again where an interrupt ended it before it was done
__oh_end() {
  __oh_status=$?
  unset -f command
  # what was typed for a program that did not read it is not a command
  [ -z "$__oh_bash" ] || while command read -r -t 0 && command read -r __oh_rest; do __oh_rest=; done
  __oh_export
  __oh_tell_end "$1" >"$__oh_tty" || __oh_tell_end "$1"
  # what a command made of its prompt would look like something that was printed in the background
  command unset PROMPT_COMMAND
  PS1=
}

# a command may make functions of its own, of any name: ours stay, and call what is the shell's own
readonly __oh_bash __oh_lost __oh_tty __oh_bell __oh_escape __oh_memory __oh_processes __oh_most __oh_parent
if [ -n "$__oh_bash" ]; then
  readonly -f __oh_ready __oh_begin __oh_take __oh_room __oh_note __oh_start __oh_tell_start __oh_last __oh_prompt
  readonly -f __oh_export __oh_tell_end __oh_end
fi
