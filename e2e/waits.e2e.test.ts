/** What is waited for and since when; how full the context is; what it cost; and what the owner has to know. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { answer, call, say, startScriptedLlm, temporaryHome } from "@openhands/testing";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startServerProcess } from "../apps/server/test/server-process.ts";
import { complaints, openBrowser } from "./browser.ts";

let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});

afterAll(async () => await browser.close());

async function openPage(link: string): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(link);
  await page.getByTestId("new-conversation").first().waitFor();
  return page;
}

const model = { LLM_MODEL: "openai/scripted", LLM_API_KEY: "sk-scripted-0123456789" };
const start = { initial_message: { content: "start", run: true } };

it("a place in the line of sandboxes is told, with the time", async () => {
  await using home = await temporaryHome();
  await using llm = await startScriptedLlm();
  llm.push(
    call("terminal", { command: "echo mine; sleep 1000", timeout: 1000 }),
    call("terminal", { command: "ls" }),
  );
  const env = { ...model, LLM_BASE_URL: llm.url, OPENHANDS_MAX_RUNNING: "1" };
  await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap", env });
  const { client, url } = server;
  const page = await openPage(server.link);
  const said = complaints(page);
  const first = await client.conversations.create(start);
  await page.goto(`${url}/conversations/${first.id}`);
  await page.getByTestId("live-output").first().getByText("mine").waitFor();
  const second = await client.conversations.create(start);
  await page.goto(`${url}/conversations/${second.id}`);
  await page.getByTestId("chat").getByText("Waiting for a sandbox: 1st in line").waitFor();
  await page
    .getByTestId("now-line")
    .getByText(/^\d+ s$/)
    .waitFor();
  expect(said).toEqual([]);
  await client.interrupt(first.id);
  await client.interrupt(second.id);
});

it("the context is a share of what the model reads, and an unknown cost is said to be unknown", async () => {
  await using home = await temporaryHome();
  await using llm = await startScriptedLlm();
  llm.push(
    answer({ text: "Hello.", usage: { promptTokens: 29_000, completionTokens: 1_000 } }),
    answer({ text: "Again.", usage: { promptTokens: 29_000, completionTokens: 1_000 } }),
  );
  const env = { ...model, LLM_BASE_URL: llm.url };
  await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap", env });
  const { client, url } = server;
  const page = await openPage(server.link);
  const { id } = await client.conversations.create(start);
  await page.goto(`${url}/conversations/${id}`);
  await page.getByTestId("context").getByText("30 k tokens").waitFor();
  await page.getByTestId("cost").getByText("cost unknown").waitFor();
  const prices = { input: 1, output: 1, cache_read: null, cache_write: null };
  await client.settings.patch({ llm_models: { "openai/scripted": { context_window: 120_000, prices } } });
  const priced = await client.conversations.create(start);
  await page.goto(`${url}/conversations/${priced.id}`);
  await page.getByTestId("context").getByText("25 %").waitFor();
  await page.getByTestId("cost").getByText("$0.03").waitFor();
});

it("a locked vault says the way out, and a server without isolation says so in red", async () => {
  await using home = await temporaryHome();
  {
    await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap" });
    await server.client.secrets.put("MY_TOKEN", { value: "canary-0123456789" });
  }
  await rm(join(home.path, "secret.key"));
  await using llm = await startScriptedLlm();
  llm.push(say("Hello."));
  const env = { ...model, LLM_BASE_URL: llm.url, OPENHANDS_RUNTIME: "local" };
  await using server = await startServerProcess({ home: home.path, env });
  const page = await openPage(server.link);
  await page.getByTestId("server-warning").getByText("secret.key").first().waitFor();
  await page.getByTestId("isolation-warning").getByText("No isolation.").waitFor();
  await page.goto(`${server.url}/settings`);
  await page.getByText("The vault is locked").waitFor();
  const { id } = await server.client.conversations.create(start);
  await page.goto(`${server.url}/conversations/${id}`);
  await page.getByTestId("isolation-warning").getByText("No isolation.").waitFor();
});
