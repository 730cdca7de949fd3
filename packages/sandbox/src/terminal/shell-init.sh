# Read by the conversation's shell when it starts, bash or a plain sh: after it, nothing is printed but what commands
# print, and each command can be told apart by its markers. They go to the terminal itself, for a command may have
# redirected the shell's own output; and the prompt gives the end marker too, for an interrupt leaves out the rest of
# the line that evaluates a command.
__oh_status=0
__oh_exported=
__oh_were=
if (: >/dev/tty) 2>/dev/null; then __oh_tty=/dev/tty; else __oh_tty=$(tty); fi
__oh_bell=$(printf '\007')
__oh_escape=$(printf '\033')
PS1= PS2= PS4='+ '
unset MAILCHECK MAIL MAILPATH TMOUT HISTFILE PROMPT_COMMAND ENV
if [ -n "${BASH_VERSION-}" ]; then set +H +o history; bind 'set enable-bracketed-paste off' 2>/dev/null; fi

# $1 nonce, $2 file: takes the command out of its file and tells that it starts, with the last command's status in $?
# A file that is empty says that its command was begun, also where nobody hears the marker any more.
__oh_begin() {
  __oh_exported=${2%/*}/exported
  __oh_command=
  if [ -n "${BASH_VERSION-}" ]; then
    # where it is read-only, an assignment would end this function
    command declare -g PROMPT_COMMAND="__oh_end $1" || __oh_prompt "$1"
    IFS= command read -r -d '' __oh_command <"$2" || __oh_=
  else
    __oh_command=$(command cat "$2"; command printf .)
    __oh_command=${__oh_command%.}
    __oh_prompt "$1"
  fi
  command printf '' >|"$2"
  if [ -z "$__oh_command" ]; then __oh_command='command echo "The command was lost on its way to the shell: nothing was run." >&2; command false'; fi
  command printf '\033]133;C;%s\007' "$1" >"$__oh_tty"
  case $- in
    *e*) return 0 ;;
  esac
  return "$__oh_status"
}

# $1 nonce: the prompt itself tells the end
__oh_prompt() {
  PS1="${__oh_escape}]133;D;\$?;$1;;\$PWD;$1${__oh_bell}"
}

# writes down the exported variables, and sets __oh_changed to 1 where they are others than they were
__oh_export() {
  __oh_changed=1
  { command export -p >|"$__oh_exported"; } 2>/dev/null || return 0
  case $- in
    # all that is set is exported then, what is set here too: nothing is compared
    *a*) return 0 ;;
  esac
  if [ -n "${BASH_VERSION-}" ]; then IFS= command read -r -d '' __oh_are <"$__oh_exported" || __oh_=; else __oh_are=$(command export -p); fi
  if [ "$__oh_are" = "$__oh_were" ]; then __oh_changed=; fi
  __oh_were=$__oh_are
}

# $1 nonce; the prompt calls it again where an interrupt ended it before it was done
__oh_end() {
  __oh_status=$?
  # what was typed for a program that did not read it is not a command
  [ -z "${BASH_VERSION-}" ] || while command read -r -t 0 && command read -r __oh_rest; do __oh_rest=; done
  __oh_export
  command printf '\033]133;D;%s;%s;%s;%s;%s\007' "$__oh_status" "$1" "$__oh_changed" "$PWD" "$1" >"$__oh_tty"
  # what a command made of its prompt would look like something that was printed in the background
  command unset PROMPT_COMMAND
  PS1=
}

# a command may make functions of its own, of any name: ours stay, and call what is the shell's own
readonly __oh_tty __oh_bell __oh_escape
if [ -n "${BASH_VERSION-}" ]; then readonly -f __oh_begin __oh_prompt __oh_export __oh_end; fi
