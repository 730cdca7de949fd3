/**
 * The bridge on which sandboxes with a network live: out to the world, not to each other (tried: on the engine's default
 * bridge they reach each other). One for all instances, made at the first need: since nothing crosses between two
 * containers on it, sharing it gives nothing away, and an engine has few address ranges for networks.
 */
import type { Engine } from "./engine.ts";

const sandboxNetwork = "openhands-sandboxes";

/** @returns its id, since an engine allows two of the same name, made at the same time by two servers */
export async function ensureNetwork(engine: Engine): Promise<string> {
  const found = await engine.listNetworks({ filters: { name: [sandboxNetwork] } });
  const there = found.find((network) => network.Name === sandboxNetwork);
  if (there) return there.Id;
  const made = await engine.createNetwork({
    Name: sandboxNetwork,
    Driver: "bridge",
    Labels: { "openhands.network": "sandboxes" },
    Options: { "com.docker.network.bridge.enable_icc": "false" },
  });
  return made.id;
}
