/** Who sees little, or uses no mouse: the rules that can be checked by a program, in both looks. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { call, say } from "@openhands/testing";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import * as z from "zod";
import { startScriptedServer } from "../apps/server/test/scripted-server.ts";
import { openBrowser } from "./browser.ts";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const Found = z.array(
  z.object({ id: z.string(), impact: z.string().nullish(), nodes: z.array(z.object({ html: z.string() })) }),
);

/** What is serious or worse, by rule and place. */
async function faults(page: Page): Promise<string[]> {
  await page.evaluate(`document.getAnimations().forEach((animation) => animation.finish())`);
  const found = Found.parse(
    await page.evaluate(`(async () => { ${axe}; return (await axe.run(document)).violations; })()`),
  );
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}

it("home, conversation, every tab and the settings have no serious fault, light and dark", async () => {
  await using scripted = await startScriptedServer();
  scripted.llm.push(
    call("terminal", {
      command:
        "git init -q && echo one >a.ts && git add . && git -c user.name=a -c user.email=a@b.test commit -qm first && echo 'const two = \"2\"; // end' >a.ts; ls -la; false",
    }),
    call("task_tracker", { command: "plan", task_list: [{ title: "Look", notes: "", status: "done" }] }),
    say("Some **words**, `code` and [a link](https://example.invalid)."),
    call("terminal", { command: "sudo rm -rf /" }),
  );
  const { client, link, url } = scripted.server;
  const { id } = await client.conversations.create({
    title: "Looked at",
    initial_message: { content: "start", run: true },
  });
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(60_000);
    const seen: Record<string, string[]> = {};
    const look = async (place: string): Promise<void> => {
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        seen[`${place}, ${colorScheme}`] = await faults(page);
      }
    };
    await page.goto(link);
    await page.getByTestId("conversation-list").locator("a").first().waitFor();
    await look("home");
    await page.goto(`${url}/conversations/${id}`);
    await page.getByTestId("chat").getByText("Some words").waitFor();
    await client.confirmation.setPolicy(id, { kind: "AlwaysConfirm" });
    await page.getByTestId("composer").fill("and now");
    await page.getByTestId("composer").press("Enter");
    await page.getByTestId("approval").waitFor();
    await look("approval");
    await page.getByTestId("composer").fill("/");
    await page.getByTestId("slash-list").waitFor();
    await look("commands behind a slash");
    await page.getByTestId("composer").fill("");
    await page.getByRole("tab", { name: "Changes" }).click();
    await page.getByTestId("diff").waitFor();
    await look("changes");
    await page.getByRole("tab", { name: "Files" }).click();
    await page.getByTestId("files-panel").getByText("a.ts").click();
    await page.getByTestId("file-text").locator(".hljs-keyword").waitFor();
    await look("file");
    await page.getByRole("tab", { name: "Terminal" }).click();
    await page.getByTestId("shell-panel").locator(".xterm-rows").getByText("$").first().waitFor();
    await look("terminal");
    await page.getByRole("tab", { name: "Tasks 1/1" }).click();
    await page.getByTestId("tasks-panel").getByText("Look").waitFor();
    await look("tasks");
    await page.getByRole("tab", { name: "Log" }).click();
    await look("log");
    await page.keyboard.press("Control+k");
    await page.getByTestId("palette").waitFor();
    await look("palette");
    await page.goto(`${url}/settings`);
    await page.getByTestId("settings-model").waitFor();
    await look("settings");
    expect(seen).toEqual(Object.fromEntries(Object.keys(seen).map((place) => [place, []])));
  } finally {
    await browser.close();
  }
});
