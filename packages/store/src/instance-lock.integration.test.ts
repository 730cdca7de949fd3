/** Who owns a home when its disk can only be read. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryHome } from "@openhands/testing";
import { expect, test } from "vitest";
import { acquireInstanceLock } from "./instance-lock.ts";
import { createLayout } from "./layout.ts";

const holder = fileURLToPath(new URL("../test/hold-lock.ts", import.meta.url));

test("a home on a read-only disk has no owner, and the sentence says what to do", async () => {
  await using disk = await temporaryHome();
  const home = join(disk.path, "home");
  await mkdir(home);
  execFileSync("mount", ["-t", "tmpfs", "tmpfs", home]);
  const remount = (how: string): unknown => execFileSync("mount", ["-o", `remount,${how}`, home]);
  try {
    const layout = createLayout(home);
    remount("ro");
    await expect(acquireInstanceLock(layout)).rejects.toMatchObject({ code: "disk_full" });
    const missing = createLayout(join(home, "none", "there"));
    await expect(acquireInstanceLock(missing)).rejects.toMatchObject({ code: "disk_full" });
    remount("rw");
    (await acquireInstanceLock(layout)).release();
    remount("ro");
    await expect(acquireInstanceLock(layout)).rejects.toMatchObject({
      code: "disk_full",
      message: expect.stringContaining("read-only disk"),
    });
    remount("rw");
    (await acquireInstanceLock(layout)).release();
  } finally {
    execFileSync("umount", ["--lazy", home]);
  }
});

test("a server whose disk has become read-only is still the owner", async () => {
  await using disk = await temporaryHome();
  const home = join(disk.path, "home");
  await mkdir(home);
  execFileSync("mount", ["-t", "tmpfs", "tmpfs", home]);
  const child = spawn(process.execPath, [holder, home], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    await once(child.stdout, "data");
    // as a kernel does at an error of the disk, whatever is open
    execFileSync("mount", ["-o", "bind", home, home]);
    execFileSync("mount", ["-o", "remount,bind,ro", home]);
    await expect(acquireInstanceLock(createLayout(home))).rejects.toMatchObject({ code: "wrong_state" });
  } finally {
    child.kill("SIGKILL");
    execFileSync("umount", ["--lazy", home]);
    execFileSync("umount", ["--lazy", home]);
  }
});
