import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { newSandboxSpec } from "@openhands/testing";
import { createLocalProvider } from "../local/local-provider.ts";
import { createHelper } from "./helper.ts";

it("keeps nothing of what was read", async () => {
  const { spec, removeWorkspace } = await newSandboxSpec({ uid: 0, gid: 0 });
  const sandbox = await createLocalProvider().create(spec, () => {});
  const helper = createHelper(sandbox);
  const { signal } = new AbortController();
  const path = `${spec.workspace}/file`;
  const bytes = Buffer.alloc(2 << 20, "text ");
  await helper.writeFile(path, bytes, { isNew: true, signal });
  for (let time = 0; time < 40; time += 1) await helper.readFile(path, bytes.length, signal);
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const held = (): number => (collect(), process.memoryUsage().arrayBuffers);
  await expect.poll(held).toBeLessThan(20 << 20);
  await helper.close();
  await sandbox.remove();
  await removeWorkspace();
});
