/** The folder on the host that a conversation works in: a fresh one of ours, or one that the user named. */
import { chown, mkdir, realpath, stat } from "node:fs/promises";
import { isAbsolute, normalize, sep } from "node:path";
import { AppError, type ConversationId } from "@openhands/protocol";
import { type EngineSearch, findEngineSocket } from "@openhands/sandbox";
import type { Layout } from "@openhands/store";
import type { Dependencies } from "./dependencies.ts";

export interface Workspace {
  readonly path: string;
  /** named by the user: never deleted by us */
  readonly named: boolean;
}

const systemFolders = [
  "/bin",
  "/boot",
  "/dev",
  "/etc",
  "/lib",
  "/lib64",
  "/proc",
  "/root/.ssh",
  "/run",
  "/sbin",
  "/sys",
  "/usr",
  "/var",
];

/** No folder of the host is named. A path at or under /workspace, as V1's clients send it, names none either. */
export function isFresh(wanted: string | null): boolean {
  return wanted === null || `${normalize(wanted)}/`.startsWith("/workspace/");
}

/** The folder that is named, or a fresh one. @throws AppError `invalid` */
export async function chooseWorkspace(
  { layout, engine }: Pick<Dependencies, "layout" | "engine">,
  id: ConversationId,
  wanted: string | null,
): Promise<Workspace> {
  if (wanted === null || isFresh(wanted)) {
    return { path: await freshFolder(layout, id), named: false };
  }
  const path = await realFolder(wanted);
  const home = await realpath(layout.home);
  const kept = [...systemFolders, home, ...(await engineSocket(engine))];
  const isOrHolds = (folder: string): boolean =>
    folder === path || folder.startsWith(path === "/" ? "/" : path + sep);
  const within = (folder: string): boolean => path.startsWith(folder + sep);
  if (path === "/" || kept.some(isOrHolds) || kept.some(within)) {
    throw new AppError(
      "invalid",
      "workspace.working_dir: this folder can't be given to an agent. It is, holds or lies in a folder of the system, of the container engine or of OpenHands itself.",
    );
  }
  return { path, named: true };
}

/** The agent's files belong to whom the home belongs, also where a server run as root makes the folder. */
async function freshFolder(layout: Layout, id: ConversationId): Promise<string> {
  const path = layout.workspaceFolder(id);
  await mkdir(path, { recursive: true, mode: 0o700 });
  const { uid, gid } = await stat(layout.home);
  if (process.getuid?.() === 0 && uid !== 0) {
    await chown(layout.workspacesFolder, uid, gid);
    await chown(path, uid, gid);
  }
  return path;
}

/** Who can write to it owns this machine. Empty where there is no engine. */
async function engineSocket(engine: EngineSearch): Promise<string[]> {
  try {
    return [await realpath(await findEngineSocket(engine))];
  } catch {
    return [];
  }
}

async function realFolder(wanted: string): Promise<string> {
  if (!isAbsolute(wanted))
    throw new AppError("invalid", "workspace.working_dir: an absolute path is expected.");
  try {
    const path = await realpath(wanted);
    if ((await stat(path)).isDirectory()) return path;
  } catch (cause) {
    const detail = "workspace.working_dir: this folder can't be opened. Name one that exists.";
    throw new AppError("invalid", detail, { cause });
  }
  throw new AppError("invalid", "workspace.working_dir: this is not a folder.");
}
