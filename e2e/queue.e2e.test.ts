/** Messages to an agent at work: they wait, are changed, taken out, and told in order; or they interrupt. */
import { hang, say } from "@openhands/testing";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startScriptedServer } from "../apps/server/test/scripted-server.ts";
import { complaints, openBrowser } from "./browser.ts";

let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});

afterAll(async () => await browser.close());

async function start(link: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(link);
  await page.getByTestId("new-conversation").first().click();
  await page.getByTestId("composer").fill("start");
  await page.getByTestId("composer").press("Enter");
  await page.getByTestId("chat").getByText("Working").waitFor();
  return page;
}

it("queued messages are seen, edited, removed, sent now and told after the turn", async () => {
  await using scripted = await startScriptedServer();
  const { llm, server } = scripted;
  llm.push(hang("Working on it for a while"), say("Now then."), say("Last one."));
  const page = await start(server.link);
  const said = complaints(page);
  const field = page.getByTestId("composer");
  const queued = page.getByTestId("queued-message");
  const texts = async () => await queued.locator("span.truncate").allInnerTexts();
  for (const text of ["one", "two", "three"]) {
    await field.fill(text);
    await field.press("Alt+Enter");
    await queued.getByText(text, { exact: true }).waitFor();
  }
  await page.reload();
  await expect.poll(texts).toEqual(["one", "two", "three"]);
  await queued.nth(0).getByLabel("Edit this message").click();
  await expect.poll(async () => await field.inputValue()).toBe("one");
  await field.fill("one, but better");
  await page.getByTestId("send-queue").click();
  await expect.poll(texts).toEqual(["two", "three", "one, but better"]);
  await queued.nth(0).getByLabel("Remove this message").click();
  await expect.poll(texts).toEqual(["three", "one, but better"]);
  await queued.nth(0).getByTestId("send-interrupt").click();
  await page.getByTestId("chat").getByText("Last one.").waitFor();
  expect(await llm.requests[0]?.ended).toBe("closed by client");
  const spoken = llm.requests.slice(1).map(({ body }) => JSON.stringify(body.messages.at(-1)));
  expect(spoken[0]).toContain("three");
  expect(spoken[1]).toContain("one, but better");
  await page.getByTestId("queue").waitFor({ state: "detached" });
  expect(said).toEqual([]);
});

it("a message can interrupt from the field", async () => {
  await using scripted = await startScriptedServer();
  scripted.llm.push(hang("Working on it for a while"), say("Yes?"));
  const page = await start(scripted.server.link);
  await page.getByTestId("composer").fill("stop that");
  await page.getByTestId("composer").press("Control+Enter");
  await page.getByTestId("chat").getByText("Yes?").waitFor();
  expect(await scripted.llm.requests[0]?.ended).toBe("closed by client");
});
