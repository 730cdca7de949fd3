/** A development server in a sandbox, seen in a real browser at a host of its own. */
import { cp, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { call, say, startScriptedLlm, temporaryHome } from "@openhands/testing";
import { expect, it } from "vitest";
import { probeConversation } from "../apps/server/test/conversation-probe.ts";
import { startServerProcess } from "../apps/server/test/server-process.ts";
import { openBrowser, scriptCookies } from "./browser.ts";

const modules = fileURLToPath(new URL("../node_modules/", import.meta.url));
/** Vite and what it needs to run */
const packages = [
  "vite",
  "rolldown",
  "@rolldown",
  "@oxc-project",
  "detect-libc",
  "postcss",
  "nanoid",
  "picocolors",
  "source-map-js",
  "picomatch",
  "tinyglobby",
  "fdir",
];

const page =
  '<title>app</title><p id="shown"></p><script type="module">import { text } from "/text.js"; document.querySelector("#shown").textContent = text; import.meta.hot.accept("/text.js", (changed) => { document.querySelector("#shown").textContent = changed.text; });</script>';

async function layPackages(folder: string): Promise<void> {
  await mkdir(join(folder, "node_modules"), { recursive: true });
  // its native part has the name of this machine's kind
  const native = (await readdir(modules)).filter((name) => name.startsWith("lightningcss"));
  for (const name of [...packages, ...native]) {
    await cp(join(modules, name), join(folder, "node_modules", name), { recursive: true, force: true });
  }
}

it("a server with hot reload works; its page can neither read our settings nor sign anyone in or out", async () => {
  await using home = await temporaryHome();
  await using llm = await startScriptedLlm();
  const env = { LLM_MODEL: "openai/scripted", LLM_API_KEY: "sk-scripted-0123456789", LLM_BASE_URL: llm.url };
  await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap", env });
  const { id } = await server.client.conversations.create();
  const folder = join(home.path, "workspace", id);
  await layPackages(folder);
  await server.client.files.write(id, "index.html", page);
  await server.client.files.write(id, "text.js", 'export const text = "before";\n');
  const command = "node node_modules/vite/bin/vite.js --port 5173 --strictPort >vite.log 2>&1 &";
  llm.push(call("terminal", { command }), say("It runs."));
  using probe = probeConversation(server.client, id);
  await server.client.events.send(id, { content: "serve", run: true });
  await probe.state(({ sandbox }) => sandbox?.ports?.includes(5173) === true);
  const browser = await openBrowser();
  try {
    const context = await browser.newContext();
    const ours = await context.newPage();
    ours.setDefaultTimeout(60_000);
    await ours.goto(server.link);
    await ours.getByTestId("conversation-list").waitFor();
    const preview = await context.newPage();
    preview.setDefaultTimeout(60_000);
    // a change before it listens is none that it hears of
    const listens = preview.waitForEvent("console", (said) => said.text().includes("connected"));
    await preview.goto((await server.client.ports.open(id, 5173)).url);
    const shown = preview.locator("#shown");
    await shown.getByText("before").waitFor();
    await listens;
    await preview.evaluate(() => Reflect.set(globalThis, "isSamePage", true));
    await server.client.files.write(id, "text.js", 'export const text = "after";\n');
    await shown.getByText("after").waitFor();
    expect(await preview.evaluate(() => Reflect.get(globalThis, "isSamePage") as unknown)).toBe(true);

    const read = await preview.evaluate(async (origin) => {
      const tries = (["cors", "no-cors"] as const).map(async (mode) => {
        const answer = await fetch(`${origin}/api/settings`, {
          mode,
          credentials: "include",
        });
        return await answer.text();
      });
      return (await Promise.allSettled(tries)).map((result) =>
        result.status === "fulfilled" ? result.value : null,
      );
    }, server.url);
    expect(read.join("")).toBe("");
    // neither by a socket, nor by a write whose answer it could not read
    const sockets = [`/sockets/events/${id}?after_seq=-1`, `/sockets/terminal/${id}`];
    const opened = await preview.evaluate(
      async (addresses) =>
        await Promise.all(
          addresses.map(
            async (address) =>
              await new Promise<boolean>((resolve) => {
                const socket = new WebSocket(address);
                socket.addEventListener("open", () => resolve(true));
                socket.addEventListener("error", () => resolve(false));
              }),
          ),
        ),
      sockets.map((path) => server.url.replace("http", "ws") + path),
    );
    expect(opened).toEqual([false, false]);
    const { language } = await server.client.settings.get();
    await preview.evaluate(async (address) => {
      const body = '{"language":"evil"}';
      const options = { method: "POST", mode: "no-cors", credentials: "include", body } as const;
      await Promise.allSettled([
        fetch(address, options),
        fetch(address, { ...options, method: "PATCH", mode: "cors" }),
        fetch(address, { ...options, headers: { "content-type": "application/json" }, mode: "cors" }),
      ]);
    }, `${server.url}/api/settings`);
    expect((await server.client.settings.get()).language).toBe(language);

    const before = await context.cookies(server.url);
    expect(before).toHaveLength(1);
    const name = before[0]?.name ?? "";
    const stolen = ["", "; domain=localhost", "; domain=127.0.0.1"].map(
      (domain) => `${name}=stolen; path=/${domain}`,
    );
    const seen = await scriptCookies(preview, stolen);
    expect(await context.cookies(server.url)).toEqual(before);
    expect(
      (await context.cookies(server.url.replace("127.0.0.1", "localhost"))).map(({ value }) => value),
    ).toEqual([]);
    expect(seen).not.toContain("openhands_preview");
    await ours.reload();
    await ours.getByTestId("conversation-list").waitFor();
  } finally {
    await browser.close();
  }
});
