/**
 * Commands on this machine, with no isolation at all: what one develops against, and what a person gets only by asking
 * for it. There is no /workspace here: the default folder is the workspace itself.
 */
import { userInfo } from "node:os";
import { type Sandbox, SandboxError, type SandboxProvider, type SandboxSpec } from "../sandbox.ts";
import { createLocalSandbox } from "./local-sandbox.ts";

export interface LocalOptions {
  /** All that a command's environment holds, apart from what `spawn` is given. The server's own is never passed on. */
  readonly environment?: Readonly<Record<"PATH" | "HOME" | "LANG" | "TERM", string>>;
}

export const noIsolation =
  "Nothing is isolated: commands run on this machine as the user who runs the server, without limits.";

export function createLocalProvider(options: LocalOptions = {}): SandboxProvider {
  const environment = options.environment ?? {
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    HOME: userInfo().homedir,
    LANG: "C.UTF-8",
    TERM: "xterm-256color",
  };
  const sandboxes = new Map<string, Sandbox>();

  async function create(spec: SandboxSpec): Promise<Sandbox> {
    if (spec.image !== null) {
      throw new SandboxError(
        `The local runtime uses this machine as it is and cannot run the image ${spec.image}. Choose the docker runtime for it.`,
      );
    }
    await sandboxes.get(spec.conversationId)?.remove();
    const sandbox = createLocalSandbox(spec, environment, () => sandboxes.delete(spec.conversationId));
    sandboxes.set(spec.conversationId, sandbox);
    return sandbox;
  }

  return {
    kind: "local",
    check: async () => ({
      ok: true,
      engine: "this machine, without isolation",
      problem: null,
      notes: [noIsolation],
    }),
    prepare: async () => {},
    create,
    adopt: async () => null,
    list: async () => [...sandboxes.values()].map((sandbox) => sandbox.conversationId),
    remove: async (id) => sandboxes.get(id)?.remove(),
  };
}
