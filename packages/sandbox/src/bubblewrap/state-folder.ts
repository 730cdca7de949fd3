/** What a sandbox has on this machine beside its workspace: home, /tmp, and the accounts that it sees. */
import { chown, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ConversationId } from "@openhands/protocol";
import type { Identity } from "./identity.ts";

export interface StateFolder {
  readonly root: string;
  readonly home: string;
  readonly temporary: string;
  readonly passwd: string;
  readonly group: string;
}

/** Makes it anew, whatever an earlier server left there. @param folder that holds those of all conversations */
export async function makeStateFolder(
  folder: string,
  id: ConversationId,
  { uid, gid, privileged }: Identity,
): Promise<StateFolder> {
  const root = join(folder, id);
  const state: StateFolder = {
    root,
    home: join(root, "home"),
    temporary: join(root, "tmp"),
    passwd: join(root, "passwd"),
    group: join(root, "group"),
  };
  await removeStateFolder(root);
  await mkdir(root, { recursive: true, mode: 0o700 });
  for (const path of [state.home, state.temporary]) {
    await mkdir(path, { mode: 0o700 });
    if (privileged) await chown(path, uid, gid);
  }
  await writeFile(
    state.passwd,
    `root:x:0:0:root:/root:/usr/sbin/nologin\nopenhands:x:${uid}:${gid}::/home/openhands:/bin/bash\n`,
    { mode: 0o644 },
  );
  await writeFile(state.group, `root:x:0:\nopenhands:x:${gid}:\n`, { mode: 0o644 });
  return state;
}

export async function removeStateFolder(root: string): Promise<void> {
  await rm(root, { recursive: true, force: true, maxRetries: 3 });
}
