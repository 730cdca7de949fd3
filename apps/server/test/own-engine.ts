/** A container engine of a test's own, to be ended and started again; it knows only the images that it is given. */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeEngineFolder, startEngineProcess } from "../../../scripts/engine/engine-process.ts";

export interface OwnEngine extends AsyncDisposable {
  readonly dockerHost: string;
  end(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
  /** Once more on the same data, after it was ended. */
  start(): Promise<void>;
}

export async function startOwnEngine(): Promise<OwnEngine> {
  const folder = await mkdtemp(join(tmpdir(), "openhands-engine-"));
  const start = async () => await startEngineProcess({ folder, network: "own" });
  let engine = await start();
  return {
    dockerHost: engine.dockerHost,
    end: async (signal) => await engine.end(signal),
    start: async () => void (engine = await start()),
    async [Symbol.asyncDispose]() {
      await engine.end("SIGTERM");
      await removeEngineFolder(folder);
    },
  };
}
