/** The image of our sandboxes, made before any test needs it: else the first one waits for minutes, and others beside it. */
import { randomBytes } from "node:crypto";
import { homedir } from "node:os";
import { createDockerProvider } from "../../packages/sandbox/src/index.ts";

/**
 * Does nothing where the image is present.
 * @param runtimeFolder with the Dockerfile
 * @throws SandboxError where it can't be made
 */
export async function ensureRuntimeImage(dockerHost: string, runtimeFolder: string): Promise<void> {
  const provider = createDockerProvider({
    engine: { dockerHost, home: homedir() },
    instance: randomBytes(6).toString("hex"),
    runtimeFolder,
  });
  let last = "";
  await provider.prepare(null, ({ message }) => {
    if (message !== last) console.log(message);
    last = message;
  });
}
