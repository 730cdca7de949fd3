/** What a sandbox sees of this machine: the arguments of bwrap, in one place to be read and judged. */
import { readlink } from "node:fs/promises";
import type { SandboxSpec } from "../sandbox.ts";
import { type ControlGroup, inControlGroups } from "./control-groups.ts";
import type { Identity } from "./identity.ts";
import type { Limits } from "./limits.ts";
import { withOwnDescriptors } from "./own-descriptors.ts";
import type { StateFolder } from "./state-folder.ts";

/** All of /etc that is seen: how programs link, resolve names, find certificates and defaults. No accounts, no keys. */
const namedInEtc = [
  "alternatives",
  "bash.bashrc",
  "ca-certificates",
  "ca-certificates.conf",
  "debian_version",
  "gai.conf",
  "host.conf",
  "hosts",
  "inputrc",
  "ld.so.cache",
  "ld.so.conf",
  "ld.so.conf.d",
  "localtime",
  "magic",
  "mime.types",
  "nsswitch.conf",
  "os-release",
  "pki",
  "profile",
  "profile.d",
  "protocols",
  "python3",
  "python3.11",
  "resolv.conf",
  "services",
  "ssl",
  "terminfo",
  "timezone",
];

const plainFolders = ["/etc", "/home", "/var", "/sys", "/sys/fs", "/sys/fs/cgroup"];

/** Links into /usr on a merged system, folders on an older one. */
const systemFolders = ["/bin", "/sbin", "/lib", "/lib32", "/lib64"];

/** The whole environment of every process; nothing of the server's is passed on. */
export const baseEnvironment = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  HOME: "/home/openhands",
  USER: "openhands",
  LANG: "C.UTF-8",
} as const;

/** @param infoFd descriptor on which bwrap tells the pid of the sandbox's first process */
export async function bubblewrapArguments(
  spec: SandboxSpec,
  identity: Identity,
  details: {
    readonly state: StateFolder;
    readonly infoFd: number;
    readonly groups: readonly ControlGroup[];
  },
): Promise<readonly string[]> {
  const { state } = details;
  return [
    ["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"],
    spec.network === "off" ? ["--unshare-net"] : [],
    // mounting needs uid 0 of the namespace; processes get a namespace with their own uid on the way in
    identity.privileged ? [] : ["--unshare-user", "--uid", "0", "--gid", "0"],
    ["--hostname", "sandbox", "--die-with-parent", "--new-session", "--as-pid-1"],
    ["--info-fd", String(details.infoFd), "--clearenv"],
    Object.entries(baseEnvironment).flatMap(([name, value]) => ["--setenv", name, value]),
    ["--ro-bind", "/usr", "/usr"],
    // made by the way these would be root's alone
    plainFolders.flatMap((path) => ["--perms", "0755", "--dir", path]),
    ...(await Promise.all(systemFolders.map(systemFolder))),
    namedInEtc.flatMap((name) => ["--ro-bind-try", `/etc/${name}`, `/etc/${name}`]),
    ["--ro-bind", state.passwd, "/etc/passwd", "--ro-bind", state.group, "/etc/group"],
    ["--proc", "/proc", "--dev", "/dev"],
    // programs look there for how much they may use
    details.groups.flatMap(({ path, seenAt }) => ["--ro-bind", path, seenAt]),
    ["--bind", state.temporary, "/tmp", "--bind", state.home, baseEnvironment.HOME],
    ["--symlink", "/tmp", "/var/tmp", "--bind", spec.workspace, "/workspace"],
    ["--chdir", "/workspace", "--"],
  ].flat();
}

async function systemFolder(path: string): Promise<readonly string[]> {
  const target = await readlink(path).catch(() => null);
  return target === null ? ["--ro-bind-try", path, path] : ["--symlink", target, path];
}

/**
 * The first process of a sandbox. It ends with its stdin, that is with the server, also where the kernel's signal at a
 * parent's death was lost; while it waits it reaps orphans. Killing what it waits for (`kill -9 -1`) has it wait again.
 */
export const readyLine = "sandbox ready";
const firstProcess = `echo "${readyLine}"; until cat <&0 >/dev/null; do :; done`;

export function firstProcessCommand(identity: Identity): readonly string[] {
  // a change of uid clears the signal that --die-with-parent asked for
  const drop = identity.privileged ? [...dropRights(identity), "--pdeathsig", "KILL"] : [];
  return [...drop, "sh", "-c", firstProcess];
}

export interface EnterOptions {
  readonly network: SandboxSpec["network"];
  readonly limits: Limits;
}

/** The argv under which a command enters the sandbox whose first process has this pid. */
export function enterCommand(
  pid: number,
  identity: Identity,
  { network, limits }: EnterOptions,
): readonly string[] {
  const { uid, gid, privileged } = identity;
  return [
    withOwnDescriptors(2),
    inControlGroups(limits.groups),
    ["nsenter", "--target", String(pid), "--mount", "--uts", "--ipc", "--pid", "--cgroup"],
    network === "off" ? ["--net"] : [],
    privileged ? [] : ["--user", "--preserve-credentials"],
    ["--"],
    privileged ? [] : ["unshare", `--map-user=${uid}`, `--map-group=${gid}`, "--"],
    privileged ? dropRights(identity) : ["setpriv", "--no-new-privs"],
    limits.command,
  ].flat();
}

function dropRights({ uid, gid }: Identity): readonly string[] {
  return [
    ["setpriv", "--reuid", String(uid), "--regid", String(gid), "--clear-groups"],
    ["--bounding-set", "-all", "--inh-caps", "-all", "--no-new-privs"],
  ].flat();
}
