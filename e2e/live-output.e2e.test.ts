/** A command that takes long is watched while it runs, in a real browser. */
import { call, startScriptedLlm, temporaryHome } from "@openhands/testing";
import { expect, it } from "vitest";
import { startServerProcess } from "../apps/server/test/server-process.ts";
import { complaints, openBrowser } from "./browser.ts";

it("what a command prints is on the page before it ends, also for who comes in late, and only then", async () => {
  await using home = await temporaryHome();
  await using llm = await startScriptedLlm();
  llm.push(call("terminal", { command: "echo compiling; sleep 1000", timeout: 1000 }));
  const env = { LLM_MODEL: "openai/scripted", LLM_API_KEY: "sk-scripted-0123456789", LLM_BASE_URL: llm.url };
  await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap", env });
  const { id } = await server.client.conversations.create({
    initial_message: { content: "build", run: true },
  });
  const browser = await openBrowser();
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(60_000);
    const said = complaints(page);
    await page.goto(server.link);
    await page.getByTestId("conversation-list").locator("a").first().click();
    const live = page.getByTestId("chat").getByTestId("live-output");
    await live.getByText("compiling").waitFor();
    expect(await page.getByTestId("commands-panel").getByTestId("live-output").innerText()).toBe("compiling");
    await page.reload();
    await live.getByText("compiling").waitFor();
    await server.client.interrupt(id);
    await live.waitFor({ state: "detached" });
    expect(said).toEqual([]);
  } finally {
    await browser.close();
  }
});
