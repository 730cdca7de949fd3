/** Files in a container whose user is root: the agent may edit all of them, and they stay whose they are. */
import { contractSandbox, toolsSession } from "@openhands/testing";
import { expect, it } from "vitest";
import { dockerProvider } from "../../test/real-providers.ts";

it("keeps a file's owner and mode, and edits those that the engine mounts", async () => {
  const own = await contractSandbox(dockerProvider, { user: "root" }, { uid: 1000, gid: 1000 });
  try {
    await using session = toolsSession(own.sandbox);
    await session.run("echo one > a.txt; chown 4321:8765 a.txt; chmod 4750 a.txt");
    const two = { path: "/workspace/a.txt", old_str: "one", new_str: "two" };
    expect((await session.edit({ command: "str_replace", ...two })).is_error).toBe(false);
    expect(await session.output("cat a.txt; stat -c '%u:%g %a' a.txt")).toBe("two\n4321:8765 4750");
    const host = { path: "/etc/hosts", insert_line: 0, new_str: "127.0.0.9 one-more" };
    expect((await session.edit({ command: "insert", ...host })).is_error).toBe(false);
    expect(await session.output("getent hosts one-more; grep -c ' /etc/hosts ' /proc/mounts")).toMatch(
      /one-more[^]*\n1$/,
    );
  } finally {
    await own.dispose();
  }
});
