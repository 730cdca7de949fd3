/** The way from a command to the server that runs on the home: straight, whatever stands in the environment. */
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { call, say } from "@openhands/testing";
import { describe, expect, it } from "vitest";
import { makeCertificate } from "../../server/test/certificate.ts";
import { startServerProcess } from "../../server/test/server-process.ts";
import { type CliHome, cliHome } from "./cli-process.ts";

async function serverOn(cli: CliHome, env: Readonly<Record<string, string>> = {}) {
  return await startServerProcess({
    home: cli.home.path,
    runtime: "bubblewrap",
    env: { ...cli.environment, ...env },
  });
}

describe("a server with a certificate that nobody here trusts", () => {
  it("is reached by every command, by what it noted in the home", async () => {
    await using cli = await cliHome();
    const { cert, key } = await makeCertificate(cli.home.path);
    await using server = await serverOn(cli, { TLS_CERT: cert, TLS_KEY: key });
    cli.llm.push(call("terminal", { command: "pwd" }), say("Done."));
    expect(await cli.run(["run", "-t", "go"])).toMatchObject({ code: 0, stdout: "$ pwd\nDone.\n" });
    const { stdout: link } = await cli.run(["link"]);
    expect(new URL(link.trim()).origin).toBe(server.url);
    const { stdout: listed } = await cli.run(["ls"]);
    expect(listed).toMatch(/finished/);
    const file = join(cli.home.path, "kept.zip");
    const id = listed.slice(0, 32);
    expect((await cli.run(["export", id, "-o", file])).code).toBe(0);
    expect((await readFile(file)).subarray(0, 2).toString()).toBe("PK");
    expect((await cli.run(["secrets", "set", "NAME"], "a long value")).code).toBe(0);
    expect((await cli.run(["secrets", "ls"])).stdout).toMatch(/^NAME/);
  });

  it("is told nothing where it shows another one than it noted", async () => {
    await using cli = await cliHome();
    const { cert, key } = await makeCertificate(cli.home.path);
    await using server = await serverOn(cli, { TLS_CERT: cert, TLS_KEY: key });
    const path = join(cli.home.path, "server.json");
    const noted = JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>;
    await writeFile(path, JSON.stringify({ ...noted, certificate: "AA:BB" }));
    const { code, stderr } = await cli.run(["ls"]);
    expect({ code, url: noted["url"] }).toEqual({ code: 1, url: server.url });
    expect(stderr).toMatch(/does not answer/);
  });
});

describe("a proxy in the environment", () => {
  it("is not asked for a server of this machine, and never sees its key", async () => {
    await using cli = await cliHome();
    let asked = 0;
    const proxy = createServer((socket) => {
      asked += 1;
      socket.destroy();
    }).listen(0, "127.0.0.1");
    await once(proxy, "listening");
    const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const through = { HTTP_PROXY: address, HTTPS_PROXY: address, NODE_USE_ENV_PROXY: "1" };
    expect(await cli.start(["ls"], through).ended, "on a server of its own").toMatchObject({ code: 0 });
    await using _ = await serverOn(cli);
    cli.llm.push(say("Done."));
    const { code, stdout, stderr } = await cli.start(["run", "-t", "go"], through).ended;
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: "Done.\n" });
    expect(asked).toBe(0);
    proxy.close();
  });
});

it("a command that can't tell where the home is says what to set, and makes none", async () => {
  await using cli = await cliHome();
  for (const words of [["ls"], ["run", "-t", "go"], ["doctor"], ["start"]]) {
    const { code, stdout, stderr } = await cli.start(words, { HOME: "", OPENHANDS_HOME: "" }).ended;
    expect({ code, stdout }, words.join(" ")).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^[^\n]*set OPENHANDS_HOME[^\n]*\n$/);
  }
});
