/** Packages in a container whose user is root: apt works there, and what it asks can be answered. */
import { contractSandbox, textOf, toolsSession } from "@openhands/testing";
import { expect, it } from "vitest";
import { dockerProvider } from "../../test/real-providers.ts";

it("apt asks before it removes, and does it after a yes", async () => {
  const own = await contractSandbox(dockerProvider, { user: "root" });
  try {
    await using session = toolsSession(own.sandbox, { noChangeSeconds: 3 });
    const asked = await session.run("apt-get remove jq");
    expect(textOf(asked)).toMatch(/Do you want to continue\? \[Y\/n\]\s*$/);
    const done = await session.finishWith("y");
    expect(done.exit_code).toBe(0);
    expect((await session.finish("command -v jq")).exit_code).not.toBe(0);
  } finally {
    await own.dispose();
  }
});
