/** A provider that fails, and a person who does something about it. */
import { fail, type Reply, say, startScriptedLlm, temporaryHome } from "@openhands/testing";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startServerProcess } from "../apps/server/test/server-process.ts";
import { complaints, openBrowser } from "./browser.ts";

let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});

afterAll(async () => {
  await browser.close();
});

it("a wait for the model is counted down, ended at once, or left for another model", async () => {
  await using home = await temporaryHome();
  const script: Reply[] = [];
  // Titles are asked for when it suits them, and without tools.
  await using llm = await startScriptedLlm({
    responder: ({ body }) => (body.tools === undefined ? say("A title") : (script.shift() ?? say("Enough."))),
  });
  const env = { LLM_MODEL: "openai/first", LLM_API_KEY: "sk-scripted-0123456789", LLM_BASE_URL: llm.url };
  await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap", env });
  script.push(fail(429, undefined, { "retry-after": "300" }), say("Asked at once."));
  const page = await (await browser.newContext()).newPage();
  const said = complaints(page);
  await page.goto(server.link);
  await page.getByTestId("new-conversation").first().click();
  await page.getByTestId("composer").fill("hello");
  await page.getByTestId("send").click();
  const notice = page.getByTestId("retry-notice");
  await notice.getByText(/Try 2 of 5 follows in [45] min/).waitFor();
  await notice.getByText(/limits how often/).waitFor();
  await page.getByTestId("execution-status").getByText("Asking first again").waitFor();
  await page
    .getByTestId("status-time")
    .first()
    .getByText(/^in [45] min/)
    .waitFor();
  await page.getByTestId("retry-now").click();
  await page.getByTestId("chat").getByText("Asked at once.").waitFor();
  await notice.waitFor({ state: "detached" });

  script.push(fail(529, undefined, { "retry-after": "300" }), say("Another one here."));
  await page.getByTestId("composer").fill("again");
  await page.getByTestId("send").click();
  await page.getByTestId("other-model").click();
  await page.getByTestId("other-model-name").fill("openai/second");
  await page.getByTestId("switch-model").click();
  await page.getByTestId("chat").getByText("Another one here.").waitFor();
  const steps = llm.requests.filter(({ body }) => body.tools !== undefined);
  expect(steps.map(({ body }) => body.model)).toEqual(["first", "first", "first", "second"]);

  await page.goto(`${server.url}/settings`);
  await page.getByTestId("usage").getByText("openai/second").waitFor();
  expect(said).toEqual([]);
});
