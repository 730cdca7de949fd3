/** Settings and variables whose value is a command that a program runs of its own accord. */

const variables: ReadonlySet<string> = new Set([
  "BROWSER",
  "EDITOR",
  "GIT_ASKPASS",
  "GIT_EDITOR",
  "GIT_EXTERNAL_DIFF",
  "GIT_PAGER",
  "GIT_PROXY_COMMAND",
  "GIT_SEQUENCE_EDITOR",
  "GIT_SSH",
  "GIT_SSH_COMMAND",
  "LESSOPEN",
  "LESSCLOSE",
  "MANPAGER",
  "PAGER",
  "PROMPT_COMMAND",
  "PS0",
  "PS1",
  "PS4",
  "RSYNC_RSH",
  "SSH_ASKPASS",
  "VISUAL",
]);

const gitKeys =
  /^(core\.(askpass|editor|fsmonitor|gitproxy|hookspath|pager|sshcommand)|credential\..*helper|credential\.helper|diff\.(external|.*\.(command|textconv))|filter\..*\.(clean|smudge|process)|gpg\.(.*\.)?program|interactive\.difffilter|merge\..*\.driver|(diff|merge)tool\..*\.cmd|pager\..*|sequence\.editor|uploadpack\.packobjectshook|remote\..*\.(receivepack|uploadpack|vcs))$/i;

/** The shell text that the variable `name` with this value has a program run; null where it is no such variable. */
export function settingCommand(name: string, value: string): string | null {
  // a prompt is expanded: what runs is what its substitutions hold
  if (/^PS[014]$/.test(name)) return `: "${value.replaceAll('"', "")}"`;
  return variables.has(name) ? value : null;
}

/** The same for a setting of git, an alias among them. */
export function gitSettingCommand(key: string, value: string): string | null {
  if (/^alias\./i.test(key)) return value.startsWith("!") ? value.slice(1) : `git ${value}`;
  return gitKeys.test(key) ? value.replace(/^!/, "") : null;
}
