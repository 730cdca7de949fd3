/** The side panel: what has changed, files in and out, a shell of the person's own, and servers in the sandbox. */
import { readFile } from "node:fs/promises";
import { call, say } from "@openhands/testing";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { probeConversation, settled } from "../apps/server/test/conversation-probe.ts";
import { type ScriptedServer, startScriptedServer } from "../apps/server/test/scripted-server.ts";
import { complaints, openBrowser } from "./browser.ts";

let browser: Browser;
let scripted: ScriptedServer;

beforeAll(async () => {
  browser = await openBrowser();
  scripted = await startScriptedServer();
});

afterAll(async () => {
  await browser.close();
  await scripted[Symbol.asyncDispose]();
});

interface Shown extends AsyncDisposable {
  readonly page: Page;
  readonly said: string[];
  readonly id: string;
}

/** A conversation whose agent has run it, with a tab of its panel open. */
async function shown(tab: string, command: string): Promise<Shown> {
  const { llm, server } = scripted;
  llm.push(call("terminal", { command, timeout: 60 }), say("Done."));
  const { id } = await server.client.conversations.create({ initial_message: { content: "go", run: true } });
  using probe = probeConversation(server.client, id);
  expect((await probe.state(settled)).execution_status).toBe("finished");
  const { link } = await server.client.link();
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const said = complaints(page);
  await page.goto(link);
  await page.getByTestId("conversation-list").locator("a").first().waitFor();
  await page.goto(`${server.url}/conversations/${id}`);
  await page.getByRole("tab", { name: tab }).click();
  return { page, said, id, [Symbol.asyncDispose]: async () => await context.close() };
}

const repository =
  "git init -q && seq 1 40 >kept && echo old >gone && git add . && git -c user.name=a -c user.email=a@b.test commit -qm first && sed -i 's/^20$/twenty/' kept && rm gone && echo fresh >new.txt";

it("changes are shown line by line, and put back after a question", async () => {
  await using open = await shown("Changes", repository);
  const { page, id } = open;
  const file = (path: string) =>
    page.getByTestId("changed-file").filter({ has: page.getByText(path, { exact: true }) });
  await file("kept").getByTestId("diff").getByText("twenty").waitFor();
  // of forty lines, those around the change
  expect(await file("kept").getByTestId("diff").getByText("24", { exact: true }).count()).toBe(0);
  await file("gone").getByText("deleted").waitFor();
  await page.getByRole("button", { name: "Revert new.txt" }).click();
  await page.getByRole("button", { name: "Keep" }).click();
  await page.getByRole("button", { name: "Revert gone" }).click();
  await page.getByTestId("revert-confirm").click();
  await file("gone").waitFor({ state: "detached" });
  await file("new.txt").waitFor();
  const { items } = await scripted.server.client.files.list(id);
  expect(items.map(({ name }) => name)).toEqual([".git", "gone", "kept", "new.txt"]);
  expect(open.said).toEqual([]);
});

it("files are looked through, read, put in by a drop on a folder, and taken away as an archive", async () => {
  await using open = await shown(
    "Files",
    "mkdir -p src/deep && echo 'const x = 1; // \u202e' > src/one.ts && printf 'a\\0b' > raw",
  );
  const { page, id } = open;
  const panel = page.getByTestId("files-panel");
  await panel.getByRole("button", { name: "src" }).click();
  await panel.getByText("one.ts").click();
  const text = page.getByTestId("file-text");
  await text.locator(".hljs-keyword").getByText("const").waitFor();
  expect(await text.innerText()).toContain("\\u{202e}");
  await page.getByRole("button", { name: "Back to the files" }).click();
  await panel.getByText("raw").click();
  await page.getByText("Not a text").waitFor();
  await page.getByRole("button", { name: "Back to the files" }).click();

  await panel.getByRole("button", { name: "src" }).click();
  const dropped = await page.evaluateHandle(`(() => {
    const data = new DataTransfer();
    data.items.add(new File(["dropped"], "dropped.txt"));
    return data;
  })()`);
  await panel.getByRole("button", { name: "deep" }).dispatchEvent("drop", { dataTransfer: dropped });
  await panel.getByText("Uploaded as src/deep/dropped.txt").waitFor();
  await page
    .getByTestId("upload-input")
    .setInputFiles({ name: "../up.bin", mimeType: "x/y", buffer: Buffer.of(0, 255) });
  await panel.getByText("up.bin", { exact: true }).waitFor();
  const back = await new Response(await scripted.server.client.files.read(id, "up.bin")).bytes();
  expect([...back]).toEqual([0, 255]);

  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download all as a zip archive" }).click();
  const archive = await readFile(await (await download).path());
  expect(archive.subarray(0, 2).toString()).toBe("PK");
  expect(archive.includes("src/deep/dropped.txt")).toBe(true);
  expect(open.said).toEqual([]);
});

it("a shell of the person's own follows the size of its tab, is found again, and can be opened anew", async () => {
  await using open = await shown("Terminal", "true");
  const { page } = open;
  const rows = page.getByTestId("shell-panel").locator(".xterm-rows");
  const type = async (line: string): Promise<void> => {
    await page.locator(".xterm-helper-textarea").focus();
    await page.keyboard.type(`${line}\n`);
  };
  await rows.getByText("$").first().waitFor();
  await type("mark=$((40+2)); echo marked $mark");
  await rows.getByText("marked 42").waitFor();
  const columns = async (): Promise<number> => {
    await type("clear; echo $(tput cols) wide");
    const seen = rows.getByText(/\d+ wide/).last();
    await seen.waitFor();
    return Number.parseInt(await seen.innerText(), 10);
  };
  const before = await columns();
  await page.setViewportSize({ width: 1100, height: 700 });
  await expect.poll(columns).toBeLessThan(before);
  const cuts: (() => Promise<void>)[] = [];
  await page.routeWebSocket(/\/sockets\/terminal\//, (socket) => {
    const there = socket.connectToServer();
    cuts.push(async () => void (await Promise.all([socket.close({ code: 1012 }), there.close()])));
  });
  await page.reload();
  await page.getByRole("tab", { name: "Terminal" }).click();
  await rows.getByText(/\d+ wide/).waitFor();
  await cuts[0]?.();
  await page.getByTestId("shell-line").getByText("The connection is lost.").waitFor();
  await page.getByTestId("shell-line").waitFor({ state: "detached" });
  await rows.getByText(/\d+ wide/).waitFor();
  expect(cuts).toHaveLength(2);
  await type("clear; echo still $mark");
  await rows.getByText("still 42").waitFor();
  await type("exit");
  await page.getByTestId("shell-line").getByText("The shell has ended.").waitFor();
  await page.getByRole("button", { name: "New shell" }).click();
  await type("echo anew:$mark.");
  await rows.getByText("anew:.").waitFor();
  expect(open.said).toEqual([]);
});

it("a server is announced and opened in a tab; a sandbox that sleeps is woken only when asked", async () => {
  await using open = await shown(
    "Preview",
    "echo from the sandbox >index.html; (python3 -m http.server 8123 >/dev/null 2>&1 &) ; sleep 0.5",
  );
  const { page, id } = open;
  const opened = page.waitForEvent("popup");
  await page.getByTestId("port-line").getByText("8123").waitFor();
  await page.getByTestId("port-line").getByRole("button", { name: "Open" }).click();
  const preview = await opened;
  await preview.getByText("from the sandbox").waitFor();
  expect(new URL(preview.url()).hostname).toContain("8123--");
  await page.getByTestId("port-line").waitFor({ state: "detached" });
  await page.getByTestId("preview-panel").getByText("8123").waitFor();
  await page.getByRole("tab", { name: "Preview 8123" }).waitFor();
  await scripted.server.client.suspend(id);
  await page.getByText("No server runs").waitFor();
  await page.getByRole("tab", { name: "Files" }).click();
  await page.getByText("Sandbox asleep").waitFor();
  await page.getByTestId("wake").click();
  await page.getByTestId("files-panel").getByText("index.html").waitFor();
});
