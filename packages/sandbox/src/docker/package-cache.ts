/**
 * What package managers have downloaded, kept in a folder of the host while containers come and go. One conversation's
 * alone: of a cache that is shared, each could poison the packages of all others.
 */
import { chmod, mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { SandboxSpec } from "../sandbox.ts";
import type { ContainerUser } from "./container-user.ts";

/** Where pip, uv, yarn, go and most others look by themselves. */
export const cacheIn = (user: ContainerUser): string => join(user.home, ".cache");

/** What leads those there that look elsewhere. */
export const cacheEnvironment = (user: ContainerUser): string[] => [`npm_config_cache=${cacheIn(user)}/npm`];

/** Any uid may be the agent's: who may enter the folder is decided by the one that it lies in. */
export async function makeCacheFolder({ cacheFolder }: SandboxSpec): Promise<void> {
  if (cacheFolder === null) return;
  await mkdir(cacheFolder, { recursive: true, mode: 0o700 });
  await chmod(cacheFolder, 0o777);
}
