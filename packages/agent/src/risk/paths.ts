import { posix } from "node:path";

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

/** Names that a pattern may stand for without saying so: `cat .e*`. */
const keyNames: readonly string[] = [
  ".ssh",
  ".aws",
  ".gnupg",
  ".kube",
  ".azure",
  ".netrc",
  ".npmrc",
  ".pypirc",
  ".git-credentials",
  ".env",
  "id_rsa",
  "id_ed25519",
  "shadow",
];

function find(table: Table, path: string): string | null {
  const places = [path, ...meantBy(path)];
  return table.find(([pattern]) => places.some((place) => pattern.test(place)))?.[1] ?? null;
}

/** `path` with each name of a key in the place of a pattern that fits it. */
function meantBy(path: string): string[] {
  if (!/[*?[]/.test(path)) return [];
  const parts = path.split("/");
  return parts.flatMap((part, at) => {
    const pattern = patternOf(part);
    if (pattern === null) return [];
    return keyNames.filter((name) => pattern.test(name)).map((name) => parts.with(at, name).join("/"));
  });
}

/** As a shell matches names: what begins with a pattern does not stand for hidden files. */
function patternOf(part: string): RegExp | null {
  if (!/[*?[]/.test(part) || /^[*?]+$/.test(part)) return null;
  const source = part
    .replaceAll(/[.+^${}()|\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".")
    .replaceAll("[!", "[^");
  try {
    return new RegExp(`^${/^[*?[]/.test(part) ? "(?!\\.)" : ""}${source}$`);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** What makes even reading `path` something to ask about, as a phrase; null for an ordinary path. */
export const keyPath = (path: string): string | null => find(keyFiles, path);

/** What makes writing `path` something to ask about, as a phrase; null for an ordinary path. */
export const sensitivePath = (path: string): string | null => keyPath(path) ?? find(laterRun, path);

/** `path`, written in `directory`, without detours; as it is where nobody knows the directory. */
export function placeIn(directory: string | null, path: string): string {
  const there = /^[/~$]/.test(path) || directory === null ? path : posix.join(directory, path);
  return there === "" ? there : posix.normalize(there);
}

/** A place that is neither the workspace nor there to be thrown away. Relative paths count as inside. */
export const outsideWorkspace = (path: string): boolean =>
  /^(\/|~|\$HOME|\$\{HOME|\.\.(\/|$))/.test(path) && !/^\/(workspace|tmp|dev)(\/|$)/.test(path);
