/**
 * The bridge on which sandboxes with a network live: out to the world, not to each other (tried: on the engine's default
 * bridge they reach each other). One for all instances, made at the first need: since nothing crosses between two
 * containers on it, sharing it gives nothing away, and an engine has few address ranges for networks.
 */
import type { NetworkInspectInfo } from "dockerode";
import { SandboxError } from "../sandbox.ts";
import { type Engine, statusOf } from "./engine.ts";

const usualName = "openhands-sandboxes";
const betweenContainers = "com.docker.network.bridge.enable_icc";

/**
 * @returns its id, since an engine allows two of the same name, made at the same time by two servers
 * @throws SandboxError where one of that name lets containers reach each other and can't be replaced
 */
export async function ensureNetwork(engine: Engine, name = usualName): Promise<string> {
  const found = await engine.listNetworks({ filters: { name: [name] } });
  const there = found.find((network) => network.Name === name);
  if (there && isolates(there)) return there.Id;
  if (there) await removeOpen(engine, there);
  const made = await engine.createNetwork({
    Name: name,
    Driver: "bridge",
    Labels: { "openhands.network": "sandboxes" },
    Options: { [betweenContainers]: "false" },
  });
  return made.id;
}

/** One of that name may have been made by hand, without what matters. */
function isolates({ Driver, Options }: NetworkInspectInfo): boolean {
  return Driver === "bridge" && Options?.[betweenContainers] === "false";
}

/** @throws SandboxError where containers are on it */
async function removeOpen(engine: Engine, { Id, Name }: NetworkInspectInfo): Promise<void> {
  try {
    await engine.getNetwork(Id).remove();
  } catch (cause) {
    if (statusOf(cause) === 404) return;
    throw new SandboxError(
      `The engine's network ${Name} lets containers reach each other, and is in use: stop what uses it and run \`docker network rm ${Name}\`. It is then made as it should be.`,
      { cause },
    );
  }
}
