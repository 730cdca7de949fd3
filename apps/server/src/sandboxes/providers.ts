/** The kinds of sandbox that this server may use. */
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import {
  createBubblewrapProvider,
  createDockerProvider,
  createLocalProvider,
  type SandboxProvider,
} from "@openhands/sandbox";
import type { Layout } from "@openhands/store";
import type { Config } from "../config.ts";

const runtimeFolder = fileURLToPath(new URL("../../../../runtime", import.meta.url));

/** Names this home in labels and cookies. 12 hex digits. */
export const instanceOf = (home: string): string =>
  createHash("sha256").update(home).digest("hex").slice(0, 12);

/** Nothing is looked for before one is used. */
export function createProviders(config: Config, layout: Layout): readonly SandboxProvider[] {
  const docker = createDockerProvider({
    engine: config.engine,
    instance: instanceOf(config.home),
    runtimeFolder,
    image: config.runtimeImage,
  });
  const bubblewrap = createBubblewrapProvider({
    stateFolder: layout.sandboxesFolder,
    server: { uid: process.getuid?.() ?? -1, gid: process.getgid?.() ?? -1 },
  });
  return [docker, bubblewrap, ...(config.runtime === "local" ? [createLocalProvider()] : [])];
}
