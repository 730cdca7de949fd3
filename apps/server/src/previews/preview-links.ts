/** The connections into sandboxes that previews are seen through: kept for reuse as long as a sandbox is there. */
import type { Duplex } from "node:stream";
import { AppError } from "@openhands/protocol";
import type { Sandbox } from "@openhands/sandbox";
import type { Session } from "../conversations/session.ts";
import type { PreviewTarget } from "./preview-target.ts";
import { RelayAgent } from "./relay-agent.ts";

export class PreviewLinks {
  readonly #agents = new WeakMap<Sandbox, Map<number, RelayAgent>>();

  /** @throws AppError `unavailable` where there is no sandbox: a new one would have no server that runs */
  agent(session: Session, { port }: PreviewTarget): RelayAgent {
    const sandbox = runningSandbox(session);
    const agents = this.#agents.get(sandbox) ?? new Map<number, RelayAgent>();
    this.#agents.set(sandbox, agents);
    const agent = agents.get(port) ?? new RelayAgent(async () => await connect(session, port));
    agents.set(port, agent);
    return agent;
  }
}

/** @throws AppError, SandboxError where nothing of the sandbox listens there */
export async function connect(session: Session, port: number): Promise<Duplex> {
  const sandbox = runningSandbox(session);
  const { runtime, network } = session.setup;
  const isShared = runtime === "local" || (runtime === "bubblewrap" && network === "on");
  // there are other ports beside the agent's, of the machine itself
  if (isShared && !(await session.sandbox.ports()).includes(port))
    throw new AppError("unavailable", `Nothing of this conversation listens on port ${port}.`);
  return await sandbox.connect(port);
}

function runningSandbox({ sandbox }: Session): Sandbox {
  if (sandbox.running !== null) return sandbox.running;
  throw new AppError(
    "unavailable",
    "The sandbox of this conversation does not run now, and the servers in it have ended with it. Ask the agent to start them again.",
  );
}
