/** An image with a shell and the tools of busybox, and nothing else, not even a /tmp: what people bring. */
import { execFile } from "node:child_process";
import { chmod, copyFile, mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface BusyboxImage {
  /** as DOCKER_HOST */
  readonly dockerHost: string;
  /** name and tag; one that is there already is replaced */
  readonly image: string;
  /** scripts for /bin, by their names, in the place of busybox's own; each begins with `#!/bin/ash` */
  readonly programs?: Readonly<Record<string, string>>;
}

/** Needs this machine's /bin/busybox to be linked statically, as Debian's busybox-static is. */
export async function importBusyboxImage({ dockerHost, image, programs = {} }: BusyboxImage): Promise<void> {
  const busybox = await realpath("/bin/busybox");
  const folder = await mkdtemp(join(tmpdir(), "openhands-busybox-"));
  try {
    const root = join(folder, "root");
    for (const path of ["bin", "usr/bin"]) await mkdir(join(root, path), { recursive: true });
    // its links name the program by its place on this machine
    await copyFile(busybox, join(root, busybox));
    await run(busybox, ["--install", "-s", join(root, "bin")]);
    for (const [name, script] of Object.entries(programs)) {
      const path = join(root, "bin", name);
      await rm(path, { force: true });
      await writeFile(path, script);
      await chmod(path, 0o755);
    }
    const archive = join(folder, "image.tar");
    await run("tar", ["-C", root, "-cf", archive, "."]);
    await run("docker", ["--host", dockerHost, "import", archive, image]);
  } finally {
    await rm(folder, { recursive: true });
  }
}
