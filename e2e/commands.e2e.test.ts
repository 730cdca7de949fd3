/** The page by keyboard: the palette, `/`, the up key, and the list of keys. */
import { say } from "@openhands/testing";
import { expect, it } from "vitest";
import { startScriptedServer } from "../apps/server/test/scripted-server.ts";
import { complaints, openBrowser } from "./browser.ts";

it("everything is done by name, and messages come back with the up key", async () => {
  const script = [say("Hello."), say("Again.")];
  // Titles are asked for when it suits them, and without tools.
  await using scripted = await startScriptedServer({
    responder: ({ body }) => (body.tools === undefined ? say("A title") : (script.shift() ?? say("Enough."))),
  });
  const { server } = scripted;
  await server.client.conversations.create({ title: "A heron" });
  const browser = await openBrowser();
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(60_000);
    const said = complaints(page);
    await page.goto(server.link);
    const field = page.getByTestId("composer");
    const chat = page.getByTestId("chat");
    await field.fill("hello there");
    await field.press("Enter");
    await chat.getByText("Hello.").waitFor();
    await field.press("ArrowUp");
    await expect.poll(async () => await field.inputValue()).toBe("hello there");
    await field.fill("/ask-al");
    await page.getByTestId("slash-list").getByText("/ask-always").waitFor();
    await field.press("Enter");
    await expect.poll(async () => await page.getByTestId("policy").inputValue()).toBe("always");
    expect(await field.inputValue()).toBe("");
    await field.fill("/etc/hosts: read it");
    await page.getByTestId("slash-list").waitFor({ state: "detached" });
    await field.press("Enter");
    await chat.getByText("Again.").waitFor();

    await field.fill("/model");
    await field.press("Enter");
    await page.getByTestId("other-model-name").fill("openai/second");
    await page.getByTestId("switch-model").click();
    await page.getByTestId("header-model").getByText("second").waitFor();

    await page.keyboard.press("Control+k");
    await page.getByTestId("palette").getByRole("combobox").fill("heron");
    await page.getByTestId("palette").getByText("A heron").waitFor();
    await page.keyboard.press("Enter");
    await page.getByTestId("palette").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "A heron", exact: true }).waitFor();

    await page.keyboard.press("Control+k");
    await page.getByTestId("palette").getByRole("combobox").fill("settings");
    await page.keyboard.press("Enter");
    await page.getByTestId("settings-model").waitFor();
    await page.locator("body").press("?");
    await page.getByTestId("keys-help").getByText("This list").waitFor();
    await page.keyboard.press("Escape");
    await page.getByTestId("keys-help").waitFor({ state: "detached" });
    expect(said).toEqual([]);
  } finally {
    await browser.close();
  }
});
