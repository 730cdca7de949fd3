/** What is kept, as a person meets it on the page: searching, deleting and taking it back, secrets, a broken file. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryHome } from "@openhands/testing";
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
  return page;
}

it("the list is searched by what was said, and a deletion can be taken back", async () => {
  await using home = await temporaryHome();
  await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap" });
  for (const [title, content] of [
    ["Birds", "a heron stands in the shallows"],
    ["Fish", "a pike lies in the reeds"],
  ] as const) {
    await server.client.conversations.create({ title, initial_message: { content } });
  }
  const page = await openPage(server.link);
  const said = complaints(page);
  const rows = page.getByTestId("conversation-list").locator("a");
  await expect.poll(async () => await rows.count()).toBe(2);
  await page.getByLabel("Search conversations").fill("HERON");
  await expect.poll(async () => await rows.allInnerTexts()).toEqual([expect.stringContaining("Birds")]);
  await page.getByLabel("Search conversations").fill("nowhere");
  await page.getByText("No conversation has these words.").waitFor();
  await page.getByLabel("Search conversations").fill("");
  await expect.poll(async () => await rows.count()).toBe(2);
  await rows.filter({ hasText: "Birds" }).hover();
  await page.getByLabel("Delete Birds").click();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await expect.poll(async () => await rows.count()).toBe(1);
  await page.getByTestId("undo-remove").click();
  await expect.poll(async () => await rows.count()).toBe(2);
  await page.getByTestId("removed-notice").waitFor({ state: "detached" });
  expect(said).toEqual([]);
});

it("secrets are entered, switched off for sandboxes and removed, and never shown", async () => {
  await using home = await temporaryHome();
  await writeFile(join(home.path, "settings.json"), "{ broken");
  await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap" });
  const page = await openPage(server.link);
  expect(await page.getByTestId("server-warning").innerText()).toContain(
    join(home.path, "settings.json.broken-"),
  );
  await page.getByTestId("server-warning").getByLabel("Hide this").click();
  await page.getByRole("link", { name: "Settings" }).click();
  const form = page.locator("form", { has: page.getByTestId("secret-save") });
  await form.getByLabel("Name", { exact: true }).fill("MY_TOKEN");
  await form.getByLabel("Value").fill("short");
  await form.getByLabel("What it is for").fill("For the tests");
  await page.getByTestId("secret-save").click();
  await page.getByText("shorter than 8 characters").waitFor();
  await form.getByLabel("Value").fill("canary-0123456789");
  await page.getByTestId("secret-save").click();
  const row = page.getByTestId("secrets").locator("li");
  expect(await row.innerText()).toContain("For the tests");
  expect(await page.content()).not.toContain("canary-0123456789");
  // it shows what the server has, so it changes with the answer
  await row.getByLabel("In sandboxes").click();
  await expect
    .poll(async () => (await server.client.secrets.list()).secrets)
    .toEqual([{ name: "MY_TOKEN", description: "For the tests", sandbox: false }]);
  await row.getByLabel("Remove MY_TOKEN").click();
  await page.getByTestId("secrets").waitFor({ state: "detached" });
});
