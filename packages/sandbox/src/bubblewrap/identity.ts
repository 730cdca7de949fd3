/**
 * As whom the agent's processes run under bubblewrap. Never as uid 0 of this machine:
 *
 * | server runs as | workspace belongs to | agent runs as                                                          |
 * |----------------|----------------------|------------------------------------------------------------------------|
 * | a person       | anyone               | that person, in a user namespace of the sandbox                        |
 * | root           | a person             | the workspace's owner, all capabilities dropped                        |
 * | root           | root                 | {@link fallbackId}, to whom the workspace is given while it is empty   |
 *
 * A workspace of root's with something in it is a folder that someone made for themselves: it is refused, not given away.
 */
import { chown, readdir, stat } from "node:fs/promises";
import { type SandboxSpec, SandboxError } from "../sandbox.ts";

export interface Identity {
  readonly uid: number;
  readonly gid: number;
  /** The server is root: it makes the namespaces itself and drops its rights on the way in. */
  readonly privileged: boolean;
}

/** A uid and gid that Debian gives to nobody (it gives 1000 to 59999 to people, 60000 to 64999 to packages on demand). */
const fallbackId = 61_000;

/**
 * @param server uid and gid of this process
 * @throws SandboxError where the workspace is root's and not empty
 */
export async function identityFor(
  spec: SandboxSpec,
  server: { readonly uid: number; readonly gid: number },
): Promise<Identity> {
  if (server.uid !== 0) return { ...server, privileged: false };
  const { uid, gid } = await stat(spec.workspace);
  if (uid !== 0) return { uid, gid, privileged: true };
  if ((await readdir(spec.workspace)).length > 0) {
    throw new SandboxError(
      `The folder ${spec.workspace} belongs to root, and commands never run as root of this machine: give it to another user (chown), or choose the docker runtime.`,
    );
  }
  await chown(spec.workspace, fallbackId, fallbackId);
  return { uid: fallbackId, gid: fallbackId, privileged: true };
}
