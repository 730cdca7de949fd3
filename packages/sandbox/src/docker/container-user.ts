import type { SandboxSpec } from "../sandbox.ts";
import type { EngineTraits } from "./engine.ts";

export interface ContainerUser {
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

/**
 * As whom the agent's processes run.
 * @param owner of the workspace on the host
 */
export function userOf(
  spec: SandboxSpec,
  owner: { readonly uid: number; readonly gid: number },
  traits: EngineTraits,
): ContainerUser {
  // in a rootless Docker uid 0 of the container is the person on the host; rootless Podman is told to keep the id
  const mapped = traits.rootless && !traits.podman;
  const { uid, gid } = spec.user === "root" || mapped ? { uid: 0, gid: 0 } : owner;
  return { uid, gid, home: uid === 0 ? "/root" : "/home/openhands" };
}
