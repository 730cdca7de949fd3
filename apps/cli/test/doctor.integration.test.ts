/** `openhands doctor` on set-ups that were broken on purpose: each is named with its cause and with what to do. */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { makeCertificate } from "../../server/test/certificate.ts";
import { startServerProcess } from "../../server/test/server-process.ts";
import { examine, readConfig } from "@openhands/server";
import { createLayout, openVault } from "@openhands/store";
import { temporaryHome } from "@openhands/testing";
import * as z from "zod";

const run = promisify(execFile);
const main = fileURLToPath(new URL("../bin/openhands.mjs", import.meta.url));
const Report = z.object({
  ok: z.boolean(),
  findings: z.array(
    z.object({ check: z.string(), state: z.string(), message: z.string(), fix: z.string().nullable() }),
  ),
});

type Environment = Readonly<Record<string, string>>;

/** An engine that isn't there, so that only what a test breaks is broken, and bubblewrap is what is used. */
const usual = {
  PATH: process.env["PATH"] ?? "",
  HOME: "/nonexistent",
  DOCKER_HOST: "/nonexistent/docker.sock",
  PORT: "0",
};

async function doctor(environment: Environment, words: readonly string[] = ["--json"]) {
  const env = { ...usual, ...environment };
  return run(process.execPath, [main, "doctor", ...words], { env }).then(
    ({ stdout }) => ({ code: 0, stdout }),
    ({ code, stdout }: { code: number; stdout: string }) => ({ code, stdout }),
  );
}

/** What a check found that is worse than ok, as one text. */
async function findingsOf(check: string, environment: Environment): Promise<string> {
  const findings = await examine(readConfig([], { ...usual, ...environment }));
  const found = findings.filter((finding) => finding.check === check && finding.state !== "ok");
  return found.map(({ state, message, fix }) => `${state}: ${message} -> ${fix}`).join("\n");
}

/** Into cert.pem and key.pem of a folder; by way of an authority, since nothing else names the end of its time. */
async function makeCertificateUntil(folder: string, end: string): Promise<void> {
  await writeFile(join(folder, "index.txt"), "");
  await writeFile(join(folder, "serial"), "01\n");
  await writeFile(
    join(folder, "ca.conf"),
    `[ca]\ndefault_ca=a\n[a]\ndatabase=${folder}/index.txt\nserial=${folder}/serial\nnew_certs_dir=${folder}\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n`,
  );
  const [cert, key, asked] = ["cert.pem", "key.pem", "asked.pem"].map((name) => join(folder, name));
  const script = `openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ${key} -out ${asked} -subj /CN=agents.test
openssl ca -batch -selfsign -notext -config ${folder}/ca.conf -keyfile ${key} -in ${asked} -out ${cert} -startdate 20200101000000Z -enddate ${end}`;
  await run("sh", ["-ec", script]);
}

describe("openhands doctor", () => {
  it("is content with a machine that has what is needed, and shows it to a person", async () => {
    await using home = await temporaryHome();
    const { code, stdout } = await doctor({ OPENHANDS_HOME: home.path }, []);
    expect(stdout).toMatch(/^ok {4}node/m);
    expect(stdout).toMatch(/^ok {4}bubblewrap +bubblewrap \d/m);
    expect(stdout).toMatch(/^note {2}engine .*No container engine/m);
    expect(code).toBe(0);
  });

  it("answers programs in JSON, and with exit code 1 where something will not work", async () => {
    const { code, stdout } = await doctor({ OPENHANDS_HOME: "/nonexistent", OPENHANDS_RUNTIME: "docker" });
    const { ok, findings } = Report.parse(JSON.parse(stdout));
    expect({ code, ok }).toEqual({ code: 1, ok: false });
    expect(findings).toContainEqual(expect.objectContaining({ check: "engine", state: "problem" }));
  });

  it("tells a home that is no folder, can't be made, or is open to others", async () => {
    await using home = await temporaryHome();
    const file = join(home.path, "file");
    await writeFile(file, "");
    expect(await findingsOf("home", { OPENHANDS_HOME: file })).toMatch(
      /problem: .*no folder.*OPENHANDS_HOME/,
    );
    expect(await findingsOf("home", { OPENHANDS_HOME: join(file, "no/home") })).toMatch(
      /problem: .*can't be made/,
    );
    await writeFile(join(home.path, "secret.key"), "", { mode: 0o644 });
    await chmod(home.path, 0o755);
    const open = await findingsOf("home", { OPENHANDS_HOME: home.path });
    expect(open).toContain(`chmod 0700 ${home.path}`);
    expect(open).toContain(`chmod 0600 ${home.path}/secret.key`);
  });

  it("tells a home on a read-only disk", async () => {
    await using home = await temporaryHome();
    await run("mount", ["-t", "tmpfs", "-o", "ro,mode=0700", "tmpfs", home.path]);
    try {
      expect(await findingsOf("home", { OPENHANDS_HOME: home.path })).toMatch(
        /problem: .*read-only disk.*writable again/,
      );
    } finally {
      await run("umount", [home.path]);
    }
  });

  it("tells a disk that is nearly full", async () => {
    await using home = await temporaryHome();
    await run("mount", ["-t", "tmpfs", "-o", "size=4m,mode=0700", "tmpfs", home.path]);
    try {
      expect(await findingsOf("disk", { OPENHANDS_HOME: home.path })).toMatch(
        /problem: [34] MB are free.*delete/,
      );
    } finally {
      await run("umount", [home.path]);
    }
  });

  it("tells settings that can't be read, and leaves them where they are", async () => {
    await using home = await temporaryHome();
    await writeFile(join(home.path, "settings.json"), "{ broken");
    const OPENHANDS_HOME = home.path;
    expect(await findingsOf("settings", { OPENHANDS_HOME })).toContain("settings.json can't be read");
    expect(await findingsOf("settings", { OPENHANDS_HOME })).toContain("settings.json can't be read");
  });

  it("tells a vault whose key was swapped", async () => {
    await using home = await temporaryHome();
    const layout = createLayout(home.path);
    await mkdir(layout.secretsFolder, { recursive: true });
    await (
      await openVault({ layout, environmentKey: "the first key of all" })
    ).set("NAME", { value: "a long value" });
    const OPENHANDS_HOME = home.path;
    expect(await findingsOf("vault", { OPENHANDS_HOME, OPENHANDS_SECRET_KEY: "quite another key" })).toMatch(
      /problem: .*NAME/,
    );
    expect(await findingsOf("vault", { OPENHANDS_HOME, OPENHANDS_SECRET_KEY: "the first key of all" })).toBe(
      "",
    );
  });

  it("tells an engine that is missing or on another machine, as a problem where it was asked for", async () => {
    const OPENHANDS_HOME = "/nonexistent";
    const asked = { OPENHANDS_HOME, OPENHANDS_RUNTIME: "docker" };
    expect(await findingsOf("engine", asked)).toMatch(
      /problem: .*\/nonexistent\/docker.sock.*-> .*--runtime/,
    );
    expect(await findingsOf("engine", { ...asked, DOCKER_HOST: "tcp://192.0.2.1:2375" })).toMatch(
      /problem: .*192\.0\.2\.1:2375 is on another machine/,
    );
    expect(await findingsOf("engine", { ...asked, DOCKER_HOST: "ssh://me@far.example" })).toMatch(
      /problem: .*far\.example is on another machine/,
    );
    expect(await findingsOf("engine", { OPENHANDS_HOME })).toMatch(/^note: /);
  });

  it("tells a port that is in use", async () => {
    const server = createServer().listen({ host: "127.0.0.1", port: 0 });
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const found = await findingsOf("port", { OPENHANDS_HOME: "/nonexistent", PORT: String(port) });
    expect(found).toMatch(new RegExp(`problem: Port ${port} .*in use.*--port`));
    server.close();
  });

  it("knows the port of the server that runs on the home, and that of one that was killed", async () => {
    await using home = await temporaryHome();
    const { cert, key } = await makeCertificate(home.path);
    const env = { TLS_CERT: cert, TLS_KEY: key };
    await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap", env });
    const environment = { OPENHANDS_HOME: home.path, PORT: new URL(server.url).port };
    expect(await findingsOf("port", environment)).toBe("");
    await server.kill();
    const other = createServer().listen({ host: "127.0.0.1", port: Number(environment.PORT) });
    await once(other, "listening");
    expect(await findingsOf("port", environment)).toMatch(/problem: .*in use/);
    other.close();
  });

  it("tells a certificate that can't be served, has run out, or will soon", async () => {
    await using home = await temporaryHome();
    const [cert, key] = [join(home.path, "cert.pem"), join(home.path, "key.pem")];
    const environment = { OPENHANDS_HOME: "/nonexistent", TLS_CERT: cert, TLS_KEY: key };
    expect(await findingsOf("tls", { OPENHANDS_HOME: "/nonexistent" })).toBe("");
    expect(await findingsOf("tls", environment)).toMatch(/problem: .*ENOENT.*-> Correct TLS_CERT/);
    await makeCertificateUntil(home.path, "20990101000000Z");
    expect(await findingsOf("tls", environment)).toBe("");
    expect(await findingsOf("tls", { ...environment, TLS_KEY: cert })).toMatch(/problem: .*can't be used/);
    const soon = new Date(Date.now() + 3 * 24 * 60 * 60 * 1000).toISOString();
    await makeCertificateUntil(home.path, `${soon.replaceAll(/[^0-9]/g, "").slice(0, 14)}Z`);
    expect(await findingsOf("tls", environment)).toMatch(/^note: .*holds until .*start the server anew/);
    await makeCertificateUntil(home.path, "20210101000000Z");
    expect(await findingsOf("tls", environment)).toMatch(/^problem: .*has run out on 2021-01-01/);
  });

  it("tells a model that does not fit, lacks its key or can't be reached", async () => {
    const OPENHANDS_HOME = "/nonexistent";
    expect(await findingsOf("model", { OPENHANDS_HOME, LLM_MODEL: "nonsense" })).toMatch(
      /problem: .*nonsense/,
    );
    const unreachable = { OPENHANDS_HOME, LLM_MODEL: "openai/gpt-4o", LLM_BASE_URL: "http://127.0.0.1:1/v1" };
    const found = await findingsOf("model", unreachable);
    expect(found).toMatch(/problem: .*needs a key.*LLM_API_KEY/);
    expect(found).toMatch(/problem: .*(127\.0\.0\.1:1)/);
    expect(await findingsOf("model", { ...unreachable, LLM_API_KEY: "a-key" })).not.toContain("needs a key");
    expect(
      await findingsOf("model", { ...unreachable, LLM_BASE_URL: "http://openhands.invalid/v1" }),
    ).toMatch(/problem: openhands\.invalid has no address/);
  });

  it("tells a key that the provider refuses, and a model that it does not have", async () => {
    const keys: (string | undefined)[] = [];
    const provider = createHttpServer(({ headers: { authorization } }, response) => {
      keys.push(authorization);
      response.writeHead(authorization === "Bearer right-key" ? 200 : 401, {
        "content-type": "application/json",
      });
      response.end(JSON.stringify({ data: [{ id: "gpt-4o" }] }));
    }).listen(0, "127.0.0.1");
    await once(provider, "listening");
    const { port } = provider.address() as AddressInfo;
    const environment = {
      OPENHANDS_HOME: "/nonexistent",
      LLM_MODEL: "openai/gpt-4o",
      LLM_BASE_URL: `http://127.0.0.1:${port}/v1`,
      LLM_API_KEY: "right-key",
    };
    expect(await findingsOf("model", environment)).toBe("");
    const wrong = await findingsOf("model", { ...environment, LLM_API_KEY: "wrong-key" });
    expect(wrong).toMatch(/^problem: .*refuses the key \(401\).*LLM_API_KEY/);
    expect(wrong).not.toContain("wrong-key");
    expect(await findingsOf("model", { ...environment, LLM_MODEL: "openai/nonsense" })).toMatch(
      /^note: .*nonsense is not among them/,
    );
    expect(keys).toEqual(["Bearer right-key", "Bearer wrong-key", "Bearer right-key"]);
    provider.close();
  });

  it("tells a socket that nobody listens on", async () => {
    await using home = await temporaryHome();
    const socket = join(home.path, "engine.sock");
    // bound, and its program is gone
    await run("python3", [
      "-c",
      "import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])",
      socket,
    ]);
    const asked = {
      OPENHANDS_HOME: "/nonexistent",
      OPENHANDS_RUNTIME: "docker",
      DOCKER_HOST: `unix://${socket}`,
    };
    expect(await findingsOf("engine", asked)).toMatch(
      /problem: No container engine answers at .*is it running/,
    );
  });

  it("tells an engine that hangs, and does not hang with it", async () => {
    await using home = await temporaryHome();
    const socket = join(home.path, "engine.sock");
    const engine = createServer().listen(socket);
    await once(engine, "listening");
    const asked = {
      OPENHANDS_HOME: "/nonexistent",
      OPENHANDS_RUNTIME: "docker",
      DOCKER_HOST: `unix://${socket}`,
    };
    const { code, stdout } = await doctor(asked);
    expect(code).toBe(1);
    expect(Report.parse(JSON.parse(stdout)).findings).toContainEqual(
      expect.objectContaining({
        check: "engine",
        state: "problem",
        message: expect.stringContaining("does not answer"),
      }),
    );
    engine.close();
  });

  it("tells a proxy that nothing goes through, and certificates that are none", async () => {
    const environment = { OPENHANDS_HOME: "/nonexistent", HTTPS_PROXY: "http://127.0.0.1:1" };
    expect(await findingsOf("proxy", environment)).toMatch(/problem: .*goes past it.*NODE_USE_ENV_PROXY=1/);
    expect(await findingsOf("proxy", { ...environment, NODE_USE_ENV_PROXY: "1" })).toMatch(/^note: /);
    expect(await findingsOf("proxy", { ...environment, NODE_EXTRA_CA_CERTS: "/nonexistent.pem" })).toMatch(
      /problem: .*\/nonexistent\.pem, which can't be read/,
    );
  });
});
