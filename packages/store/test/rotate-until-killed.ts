/**
 * A process for tests: rotates the vault's key in the home named first and kills itself before the change to the disk
 * whose number is named second. It ends with 0 where there are fewer.
 */
import fileSystem from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { createLayout } from "../src/layout.ts";

const [home = "", killAt = ""] = process.argv.slice(2);
let changes = 0;

function counted<Arguments extends unknown[], Result>(call: (...args: Arguments) => Result) {
  return (...args: Arguments): Result => {
    changes += 1;
    if (changes === Number(killAt)) process.kill(process.pid, "SIGKILL");
    return call(...args);
  };
}

const { openVault } = await import("../src/vault.ts");
const vault = await openVault({ layout: createLayout(home), environmentKey: null });
fileSystem.open = counted(fileSystem.open);
fileSystem.rename = counted(fileSystem.rename);
fileSystem.rm = counted(fileSystem.rm);
syncBuiltinESMExports();
await vault.rotate();
