/** What conversations take of the machine. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { ConversationMetadata, ConversationUsage, SandboxState } from "@openhands/protocol";
import { SandboxError, type SandboxStats } from "@openhands/sandbox";
import type { Dependencies } from "./dependencies.ts";

const newest = {
  limit: 100,
  orderBy: "created_at",
  descending: true,
  status: null,
  query: null,
  pageId: null,
} as const;
const diskMilliseconds = 5000;

/** Of the newest 100, newest first. */
export async function machineUsage(deps: Dependencies): Promise<ConversationUsage[]> {
  const { items } = deps.catalogue.list(newest);
  const folders = items.flatMap(({ id, setup }) =>
    setup && !setup.working_dir_named ? [deps.layout.workspaceFolder(id)] : [],
  );
  const [disks, sandboxes] = await Promise.all([
    diskOf(folders),
    Promise.all(items.map(async ({ id }) => await sandboxOf(deps, id))),
  ]);
  return items.map(({ id, title, setup }, index) => ({
    id,
    title,
    sandbox_status: sandboxes[index]?.status ?? "none",
    memory_bytes: sandboxes[index]?.stats?.memory_bytes ?? null,
    memory_limit_bytes: sandboxes[index]?.stats?.memory_limit_bytes ?? null,
    disk_bytes:
      setup?.working_dir_named === false ? (disks.get(deps.layout.workspaceFolder(id)) ?? null) : null,
  }));
}

async function sandboxOf(
  deps: Dependencies,
  id: ConversationMetadata["id"],
): Promise<{ status: ConversationUsage["sandbox_status"]; stats: SandboxStats | null } | null> {
  const session = await deps.sessions.peek(id);
  if (session === null) return atRest(deps.sessions.sandboxOf(id));
  if (!session.state.setup) return null;
  const { status } = session.sandbox.state;
  try {
    return { status, stats: await session.sandbox.stats() };
  } catch (error) {
    // one that goes just now
    if (!(error instanceof SandboxError)) throw error;
    return { status, stats: null };
  }
}

const atRest = (state: SandboxState | null) => state && { status: state.status, stats: null };

/**
 * Bytes of each folder, by du, which follows no link, whatever an agent puts in its way meanwhile; those that it has
 * not come to in time are missing.
 */
async function diskOf(folders: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (folders.length === 0) return new Map();
  const measured = promisify(execFile)("du", ["-skx", "--", ...folders], { timeout: diskMilliseconds });
  // where it may not read everything it says so, and still tells the sum of the rest
  const { stdout } = await measured.catch((error: { readonly stdout?: string }) => ({
    stdout: error.stdout ?? "",
  }));
  return new Map(
    [...stdout.matchAll(/^(\d+)\t(.+)$/gm)].map(([, size, path]) => [path ?? "", Number(size) * 1024]),
  );
}
