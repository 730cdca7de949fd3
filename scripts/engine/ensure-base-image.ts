/** Makes the image that runtime/Dockerfile begins with where no registry has it for us: out of Debian's own packages. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const pullTimeout = 120_000;

/**
 * Does nothing where the image is present; else pulls it; else makes it under the very same name.
 * @param runtimeFolder with the Dockerfile
 * @throws Error where the image is none of Debian's and can't be pulled
 */
export async function ensureBaseImage(dockerHost: string, runtimeFolder: string): Promise<void> {
  const image = baseImageOf(await readFile(join(runtimeFolder, "Dockerfile"), "utf8"));
  const docker = (words: readonly string[], timeout = 0) =>
    run("docker", ["--host", dockerHost, ...words], { timeout });
  const succeeds = (attempt: Promise<unknown>): Promise<boolean> => attempt.then(Boolean, () => false);
  if (await succeeds(docker(["image", "inspect", image]))) return;
  if (await succeeds(docker(["pull", "--quiet", image], pullTimeout))) return;
  const release = /^debian:([a-z]+)/.exec(image)?.[1];
  if (!release) throw new Error(`The image ${image} can't be pulled, and only Debian's can be made here.`);
  console.log(`Making ${image} out of Debian's packages`);
  const folder = await mkdtemp(join(tmpdir(), "openhands-base-"));
  try {
    const archive = join(folder, "base.tar");
    await watch("mmdebstrap", ["--variant=minbase", "--quiet", release, archive]);
    await docker(["import", "--change", 'CMD ["bash"]', archive, image]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The image named by the first FROM line. */
export function baseImageOf(dockerfile: string): string {
  const image = /^FROM\s+(\S+)/im.exec(dockerfile)?.[1];
  if (!image) throw new Error("The Dockerfile has no FROM line.");
  return image;
}

async function watch(program: string, words: readonly string[]): Promise<void> {
  const child = spawn(program, words, { stdio: ["ignore", "ignore", "inherit"] });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`${program} ended with ${String(code)}.`);
}
