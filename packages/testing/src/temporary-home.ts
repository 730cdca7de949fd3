/** An OPENHANDS_HOME of its own for a test. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface TemporaryHome extends AsyncDisposable {
  readonly path: string;
}

/** An empty folder that is removed with all it holds when disposed: `await using home = await temporaryHome()`. */
export async function temporaryHome(): Promise<TemporaryHome> {
  const path = await mkdtemp(join(tmpdir(), "openhands-"));
  return {
    path,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 3 }),
  };
}
