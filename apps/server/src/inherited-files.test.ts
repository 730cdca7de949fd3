import { spawnSync } from "node:child_process";
import { mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";

it("leaves nothing open for what the server starts", () => {
  const folder = mkdtempSync(join(tmpdir(), "openhands-inherited-"));
  const kept = openSync(join(folder, "kept-open"), "w");
  const program = `
    import { spawnSync } from "node:child_process";
    import { closeInheritedFiles } from ${JSON.stringify(join(import.meta.dirname, "inherited-files.ts"))};
    if (process.argv[1] === "close") closeInheritedFiles();
    process.stdout.write(spawnSync("sh", ["-c", "ls -l /proc/self/fd"]).stdout);`;
  const seenAfter = (word: string): string =>
    spawnSync(process.execPath, ["--input-type=module-typescript", "--eval", program, word], {
      stdio: ["ignore", "pipe", "inherit", ...Array<"ignore">(40).fill("ignore"), kept],
      encoding: "utf8",
    }).stdout;
  expect(seenAfter("leave")).toContain("kept-open");
  expect(seenAfter("close")).toContain("total");
  expect(seenAfter("close")).not.toContain("kept-open");
  rmSync(folder, { recursive: true });
});
