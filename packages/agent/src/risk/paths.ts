type Table = readonly (readonly [RegExp, string])[];

const keyFiles: Table = [
  [/(^|\/)\.ssh(\/|$)|(^|\/)id_(rsa|ed25519|ecdsa|dsa)$/, "SSH keys"],
  [/(^|\/)\.(aws|gnupg|kube|docker|azure)(\/|$)|(^|\/)\.config\/gcloud(\/|$)/, "credentials"],
  [/(^|\/)\.(netrc|npmrc|pypirc|git-credentials)$/, "credentials"],
  [/(^|\/)\.env(\.(?!example|sample|template)[\w.-]+)?$/, "a file that holds keys"],
  [/^\/etc\/(shadow|gshadow|sudoers)/, "the system's passwords"],
  [
    /^\/proc\/(?!self\/|cpuinfo$|meminfo$|loadavg$|version$|uptime$|stat$)[^/]+\/(environ|mem|root)/,
    "another process",
  ],
];

const laterRun: Table = [
  [/(^|\/)\.git\/(hooks|config)(\/|$)/, "what git runs"],
  [/(^|\/)\.(bashrc|bash_profile|profile|zshrc)$/, "what a shell runs when it starts"],
  [/(^|\/)\.github\/workflows(\/|$)|(^|\/)\.gitlab-ci\.yml$/, "what a build server runs"],
  [/^\/(etc|usr|bin|sbin|lib|lib64|boot|sys|proc|var\/(spool|lib))(\/|$)/, "the system"],
  [/^\/dev\/(?!(null|zero|stdin|stdout|stderr|tty)$|fd\/|shm\/)/, "a device"],
];

const find = (table: Table, path: string): string | null =>
  table.find(([pattern]) => pattern.test(path))?.[1] ?? null;

/** What makes even reading `path` something to ask about, as a phrase; null for an ordinary path. */
export const keyPath = (path: string): string | null => find(keyFiles, path);

/** What makes writing `path` something to ask about, as a phrase; null for an ordinary path. */
export const sensitivePath = (path: string): string | null => keyPath(path) ?? find(laterRun, path);

/** A place that is neither the workspace nor there to be thrown away. Relative paths count as inside. */
export const outsideWorkspace = (path: string): boolean =>
  /^(\/|~|\$HOME|\.\.(\/|$))/.test(path) && !/^\/(workspace|tmp|dev)(\/|$)/.test(path);
