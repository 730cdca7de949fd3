/**
 * Limits for what runs on this machine itself: a control group for each sandbox. In version 1 it lies beneath the group
 * of this process; in version 2, where the children of a group with processes can't be limited, beside it or at the top.
 * Who may not make any, as most people may not, gets none.
 */
import { mkdir, readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const root = "/sys/fs/cgroup";

/** A sandbox's folder in one hierarchy, and where that is seen from inside. */
export interface ControlGroup {
  readonly path: string;
  readonly seenAt: string;
}

export interface GroupLimits {
  readonly memoryBytes: number;
  readonly processes: number;
}

/** Where groups can be made in one hierarchy, and which files set the limits there. */
interface Place {
  /** one of ours, in which every sandbox gets a group */
  readonly folder: string;
  readonly seenAt: string;
  /** written into `folder` first */
  readonly opening: Readonly<Record<string, string>>;
  readonly limits: (limits: GroupLimits) => Readonly<Record<string, number>>;
}

/**
 * Looks for a place by making a group there, and clears away the groups of sandboxes that ended with an earlier server.
 * @param name of a folder that only this instance uses
 * @returns null where no group can be made
 */
export async function findControlGroups(name: string): Promise<ControlGroups | null> {
  for (const places of [await placesOfVersionOne(name), ...(await placesOfVersionTwo(name))]) {
    const groups = new ControlGroups(places);
    if (places.length > 0 && (await groups.open())) return groups;
  }
  return null;
}

export class ControlGroups {
  readonly #places: readonly Place[];

  constructor(places: readonly Place[]) {
    this.#places = places;
  }

  /** @returns whether groups can be made and limited here */
  async open(): Promise<boolean> {
    try {
      for (const { folder } of this.#places) {
        await mkdir(folder, { recursive: true });
        for (const entry of await readdir(folder, { withFileTypes: true })) {
          // one that still holds processes stays
          if (entry.isDirectory()) await rmdir(join(folder, entry.name)).catch(() => undefined);
        }
      }
      await removeControlGroups(await this.make("probe", { memoryBytes: 64 * 1024 * 1024, processes: 64 }));
      return true;
    } catch {
      return false;
    }
  }

  /** @throws Error of the system where it can't be made or doesn't take the limits */
  async make(id: string, limits: GroupLimits): Promise<readonly ControlGroup[]> {
    const making = this.#places.map(async (place) => {
      const path = join(place.folder, id);
      await mkdir(place.folder, { recursive: true });
      await writeAll(place.folder, place.opening);
      await mkdir(path, { recursive: true });
      await writeAll(path, place.limits(limits));
      return { path, seenAt: place.seenAt };
    });
    return Promise.all(making);
  }
}

/** What is still in them keeps them there for a moment after it was killed. */
export async function removeControlGroups(groups: readonly ControlGroup[]): Promise<void> {
  for (const { path } of groups) {
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const busy = await rmdir(path).then(
        () => false,
        (error: unknown) => error instanceof Error && "code" in error && error.code === "EBUSY",
      );
      if (!busy) break;
      await delay(50);
    }
    // ours too goes with the last one in it; while there are others it stays
    await rmdir(dirname(path)).catch(() => undefined);
  }
}

/** The argv that enters the groups and becomes `argv`. */
export function inControlGroups(groups: readonly ControlGroup[]): readonly string[] {
  if (groups.length === 0) return [];
  const script =
    'while [ "$1" != -- ]; do echo 0 >"$1/cgroup.procs" || exit 126; shift; done; shift; exec "$@"';
  return ["sh", "-c", script, "sh", ...groups.map((group) => group.path), "--"];
}

async function placesOfVersionOne(name: string): Promise<readonly Place[]> {
  const memory = await groupOf("memory");
  const pids = await groupOf("pids");
  if (memory === null || pids === null) return [];
  const memoryFolder = await existing(join(root, "memory"), memory);
  const withSwap = await readFile(join(memoryFolder, "memory.memsw.limit_in_bytes")).then(
    () => true,
    () => false,
  );
  return [
    {
      folder: join(memoryFolder, name),
      seenAt: join(root, "memory"),
      opening: {},
      limits: ({ memoryBytes }) => ({
        "memory.limit_in_bytes": memoryBytes,
        ...(withSwap ? { "memory.memsw.limit_in_bytes": memoryBytes } : {}),
      }),
    },
    {
      folder: join(await existing(join(root, "pids"), pids), name),
      seenAt: join(root, "pids"),
      opening: {},
      limits: ({ processes }) => ({ "pids.max": processes }),
    },
  ];
}

async function placesOfVersionTwo(name: string): Promise<readonly (readonly Place[])[]> {
  const own = await groupOf("");
  if (own === null) return [];
  return [join(root, dirname(own)), root].map((folder) => [
    {
      folder: join(folder, name),
      seenAt: root,
      opening: { "cgroup.subtree_control": "+memory +pids" },
      limits: ({ memoryBytes, processes }) => ({
        "memory.max": memoryBytes,
        "memory.swap.max": 0,
        "pids.max": processes,
      }),
    },
  ]);
}

/** The group of this process for a controller of version 1, or for "" that of version 2; null where there is none. */
async function groupOf(controller: string): Promise<string | null> {
  const lines = await readFile("/proc/self/cgroup", "utf8").catch(() => "");
  for (const line of lines.split("\n")) {
    const [, controllers = "-", path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (path !== undefined && controllers.split(",").includes(controller)) return path;
  }
  return null;
}

/** In a container the path is often that of the machine, and the hierarchy is mounted at the container's own group. */
async function existing(hierarchy: string, group: string): Promise<string> {
  const folder = join(hierarchy, group);
  return readdir(folder).then(
    () => folder,
    () => hierarchy,
  );
}

async function writeAll(folder: string, files: Readonly<Record<string, string | number>>): Promise<void> {
  for (const [file, value] of Object.entries(files)) await writeFile(join(folder, file), String(value));
}
