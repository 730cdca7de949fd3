/** Commands that run other commands: `sudo`, `xargs`, `find -exec`, `sh -c`, `git rebase --exec` … */
import { gitSubcommand } from "./git-subcommand.ts";
import { gitSettingCommand, settingCommand } from "./setting-commands.ts";
import { shells } from "./shells.ts";

export interface InnerWords {
  readonly words: readonly string[];
  /** those of them that only running it would tell */
  readonly expanded: readonly string[];
}

/** Text for a shell, or words. */
export type Inner = string | InnerWords;

interface Wrapper {
  /** options that take the next word as their value */
  readonly valued?: readonly string[];
  /** plain words before the command: `timeout 5 make`, `chroot /mnt ls` */
  readonly leading?: number;
  /** options whose value is shell text */
  readonly text?: readonly string[];
}

const wrappers: Readonly<Record<string, Wrapper>> = {
  bundle: { leading: 1 },
  builtin: {},
  busybox: {},
  catchsegv: {},
  chroot: { leading: 1 },
  chrt: { leading: 1 },
  command: {},
  coproc: {},
  "dbus-run-session": {},
  doas: { valued: ["-u", "-C"] },
  entr: {},
  env: { valued: ["-u", "-C", "--unset", "--chdir"], text: ["-S", "--split-string"] },
  exec: { valued: ["-a"] },
  fakeroot: {},
  flock: { valued: ["-w", "-E", "--timeout"], leading: 1, text: ["-c", "--command"] },
  ionice: { valued: ["-c", "-n", "-p"] },
  ltrace: { valued: ["-e", "-o", "-p", "-u"] },
  nice: { valued: ["-n", "--adjustment"] },
  nohup: {},
  npx: { valued: ["-p", "--package"], text: ["-c", "--call"] },
  numactl: {},
  parallel: { valued: ["-j", "-a", "-n", "--jobs"] },
  pipenv: { leading: 1 },
  pkexec: { valued: ["--user"] },
  poetry: { leading: 1 },
  prlimit: {},
  runuser: { valued: ["-u", "-g"], text: ["-c", "--command"] },
  script: { valued: ["-T", "-I", "-O", "-B"], leading: 1, text: ["-c", "--command"] },
  setarch: { leading: 1 },
  setpriv: {},
  setsid: {},
  sg: { leading: 1, text: ["-c"] },
  stdbuf: { valued: ["-i", "-o", "-e"] },
  strace: { valued: ["-e", "-o", "-p", "-u", "-E", "-s"] },
  su: { text: ["-c", "--command"], leading: 1 },
  sudo: { valued: ["-u", "-g", "-h", "-p", "-C", "-D", "-R", "-T", "--user", "--group"] },
  "systemd-run": { valued: ["-p", "-u", "-M", "--unit"] },
  taskset: { leading: 1 },
  time: { valued: ["-o", "-f"] },
  timeout: { valued: ["-s", "-k", "--signal", "--kill-after"], leading: 1 },
  toybox: {},
  unbuffer: {},
  unshare: {},
  uv: { leading: 1 },
  valgrind: {},
  watch: { valued: ["-n", "--interval"] },
  xargs: {
    valued: ["-I", "-n", "-P", "-L", "-d", "-a", "-E", "-s", "--max-args", "--max-procs", "--delimiter"],
  },
  "xvfb-run": { valued: ["-n", "-s", "-e", "-f"] },
};

/** Only with this word first do they run what follows. */
const runningWord: Readonly<Record<string, ReadonlySet<string>>> = {
  bundle: new Set(["exec"]),
  pipenv: new Set(["run"]),
  poetry: new Set(["run"]),
  uv: new Set(["run"]),
};

interface OuterCommand {
  /** without its folder */
  readonly program: string;
  readonly words: readonly string[];
}

/** What a command runs, in order; nothing for most. */
export function innerCommands({ program, words }: OuterCommand): readonly Inner[] {
  const args = words.slice(1);
  if (shells.has(program)) return texts(scriptOf(args));
  if (/^python[\d.]*$/.test(program)) return moduleOf(args);
  if (program.startsWith("git-")) return [known(["git", program.slice("git-".length), ...args])];
  const own = special[program];
  if (own !== undefined) return own(args, words);
  const wrapper = wrappers[program];
  if (wrapper === undefined) return [];
  const text = texts(optionValues(args, wrapper.text ?? []));
  return text.length > 0 ? text : wrapped(program, args, wrapper);
}

const special: Readonly<Record<string, (args: readonly string[], words: readonly string[]) => Inner[]>> = {
  alias: (args) => texts(args.flatMap((arg) => arg.match(/^[^=]+=(.*)$/s)?.[1] ?? [])),
  complete: (args) => texts(optionValues(args, ["-C"])),
  eval: (args) => [args.join(" ")],
  find: (args) => findCommands(args),
  git: (_args, words) => gitCommands(words),
  man: (args) => texts(optionValues(args, ["-P", "--pager"])),
  mapfile: (args) => texts(optionValues(args, ["-C"])),
  readarray: (args) => texts(optionValues(args, ["-C"])),
  rsync: (args) => texts(optionValues(args, ["-e", "--rsh"])),
  sort: (args) => texts(optionValues(args, ["--compress-program"])),
  split: (args) => texts(optionValues(args, ["--filter"])),
  tar: (args) => tarCommands(args),
  trap: (args) => texts(args.filter((arg) => !arg.startsWith("-")).slice(0, 1)),
  zip: (args) => texts(optionValues(args, ["-TT", "--unzip-command"])),
};

const texts = (values: readonly string[]): Inner[] => values.filter((value) => value.trim() !== "");

function wrapped(program: string, args: readonly string[], { valued = [], leading = 0 }: Wrapper): Inner[] {
  let index = 0;
  for (; index < args.length; index += 1) {
    const arg = args[index] ?? "";
    const assigns = program === "env" && /^[A-Za-z_]\w*=/.test(arg);
    if (arg === "--" || !(assigns || arg.startsWith("-"))) break;
    if (valued.includes(arg)) index += 1;
  }
  const options = args.slice(0, index);
  if (args[index] === "--") index += 1;
  const runs = runningWord[program];
  if (runs !== undefined && !runs.has(args[index] ?? "")) return [];
  const rest = args.slice(index + leading);
  if (program === "env") return [...texts(options.flatMap(settingOf)), known(rest)];
  if (program === "xargs")
    return rest.length === 0 ? [] : [completed(rest, optionValues(options, ["-I"])[0])];
  if (program !== "watch" && program !== "parallel") return [known(rest)];
  // these take a single text for a line of shell
  const words = rest.filter((word) => !/^:{3,4}\+?$/.test(word));
  return words.some((word) => /\s/.test(word)) ? texts(words) : [completed(words)];
}

const known = (words: readonly string[]): InnerWords => ({ words, expanded: [] });

function settingOf(option: string): string[] {
  const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(option) ?? [];
  const command = name === undefined ? null : settingCommand(name, value ?? "");
  return command === null ? [] : [command];
}

/** What only running it would tell follows, or takes the place of `mark`. */
function completed(words: readonly string[], mark?: string): InnerWords {
  if (mark === undefined) return { words: [...words, "$@"], expanded: ["$@"] };
  const filled = words.map((word) => word.replaceAll(mark, "$@"));
  return { words: filled, expanded: filled.filter((word) => word.includes("$@")) };
}

/** What `sh -c` runs is its first plain word: other options may stand between. Nothing without `-c`. */
export function scriptOf(args: readonly string[]): string[] {
  const at = args.findIndex((arg) => /^-[a-zA-Z]*c[a-zA-Z]*$/.test(arg));
  if (at === -1) return [];
  const takesValue = /^[-+][a-zA-Z]*[oO][a-zA-Z]*$/;
  const script = args.find(
    (arg, index) => index > at && !/^[-+]/.test(arg) && !takesValue.test(args[index - 1] ?? ""),
  );
  return script === undefined ? [] : [script];
}

/** The values of these options, glued or not; a letter also at the end of a bundle like `-lc`. */
export function optionValues(args: readonly string[], options: readonly string[]): string[] {
  return args.flatMap((arg, index) =>
    options.flatMap((option) => {
      const next = args[index + 1] ?? "";
      if (arg === option) return [next];
      if (option.startsWith("--")) return arg.startsWith(`${option}=`) ? [arg.slice(option.length + 1)] : [];
      if (option.length > 2 || arg.startsWith("--")) return [];
      if (new RegExp(`^-[a-zA-Z]*${option.slice(1)}$`).test(arg)) return [next];
      return option !== "-c" && arg.startsWith(option) ? [arg.slice(option.length)] : [];
    }),
  );
}

function moduleOf(args: readonly string[]): Inner[] {
  const at = args.findIndex((arg) => !arg.startsWith("-") || arg === "-m" || arg === "-c");
  return args[at] === "-m" ? [{ words: args.slice(at + 1), expanded: [] }] : [];
}

const executing: ReadonlySet<string> = new Set(["-exec", "-execdir", "-ok", "-okdir"]);

/** `{}` lies in the folder that is searched. */
function findCommands(args: readonly string[]): Inner[] {
  const [start = "."] = args.filter((arg) => !arg.startsWith("-"));
  return args.flatMap((arg, at): Inner[] => {
    if (!executing.has(arg)) return [];
    const end = args.findIndex((word, index) => index > at && (word === ";" || word === "+"));
    const words = args.slice(at + 1, end === -1 ? undefined : end);
    const found = words.map((word) => word.replaceAll("{}", `${start}/{}`));
    return [{ words: found, expanded: words[0]?.includes("{}") === true ? found.slice(0, 1) : [] }];
  });
}

function tarCommands(args: readonly string[]): Inner[] {
  const programs = optionValues(args, [
    "--to-command",
    "-I",
    "--use-compress-program",
    "--rsh-command",
    "-F",
    "--info-script",
    "--new-volume-script",
  ]);
  const actions = optionValues(args, ["--checkpoint-action"]).flatMap(
    (action) => /^exec=(.*)$/s.exec(action)?.[1] ?? [],
  );
  return texts([...programs, ...actions]);
}

/** Options of git's subcommands whose value is a command. */
const gitPrograms = ["--upload-pack", "--receive-pack", "--exec", "--open-files-in-pager", "-O"];

function gitCommands(words: readonly string[]): Inner[] {
  const args = words.slice(1);
  const [subcommand, ...rest] = gitSubcommand(words);
  const own = args.slice(0, args.length - rest.length);
  const settings = [...optionValues(own, ["-c"]), ...optionValues(rest, ["--config"])].map((setting) =>
    setting.split(/=(.*)/s),
  );
  if (subcommand === "config") {
    const [key, value] = rest.filter(
      (word, index) =>
        !word.startsWith("-") &&
        word !== "set" &&
        !/^(-f|--file|--blob|--type|--default|--comment)$/.test(rest[index - 1] ?? ""),
    );
    settings.push([key ?? "", value ?? ""]);
  }
  const found = texts(settings.flatMap(([key = "", value = ""]) => gitSettingCommand(key, value) ?? []));
  if (subcommand !== "diff" && subcommand !== "log") found.push(...texts(optionValues(rest, gitPrograms)));
  // git clone 'ext::sh -c …'
  found.push(...texts(rest.flatMap((word) => /^ext::(.*)$/s.exec(word)?.[1]?.replaceAll("% ", "\\ ") ?? [])));
  if (subcommand === "rebase") found.push(...texts(optionValues(rest, ["-x", "--exec"])));
  if (subcommand === "submodule" && rest[0] === "foreach")
    found.push(
      rest
        .slice(1)
        .filter((word) => !word.startsWith("-"))
        .join(" "),
    );
  if (subcommand === "bisect" && rest[0] === "run") found.push({ words: rest.slice(1), expanded: [] });
  if (subcommand === "filter-branch")
    found.push(...texts(rest.filter((_, index) => (rest[index - 1] ?? "").endsWith("-filter"))));
  return found;
}
