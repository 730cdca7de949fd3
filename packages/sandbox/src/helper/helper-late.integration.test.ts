/** A sandbox that does not answer is told as such to whoever waits, whatever they asked. */
import { newSandboxSpec } from "@openhands/testing";
import { expect, it } from "vitest";
import { createLocalProvider } from "../local/local-provider.ts";
import { createPortsReader } from "../ports/listening-ports.ts";
import { SandboxError } from "../sandbox.ts";
import { createHelper } from "./helper.ts";

it("an answer that does not come in time", async () => {
  const { spec, removeWorkspace } = await newSandboxSpec({ uid: 0, gid: 0 });
  const sandbox = await createLocalProvider().create(spec, () => {});
  const helper = createHelper(sandbox, { answerSeconds: 0.2 });
  await expect(helper.pipe("sleep 60", "")).rejects.toThrow(/did not answer within 0.2 seconds/);
  await expect(helper.pipe("sleep 60", "", { answerSeconds: 0.1 })).rejects.toBeInstanceOf(SandboxError);
  const late = { pipe: async () => await helper.pipe("sleep 60", "", { answerSeconds: 0.1 }) };
  await expect(createPortsReader(late, "docker")()).rejects.toBeInstanceOf(SandboxError);
  // and the next one is answered
  expect(await helper.pipe("echo next", "")).toBe("next\n");
  await helper.close();
  await sandbox.remove();
  await removeWorkspace();
});
