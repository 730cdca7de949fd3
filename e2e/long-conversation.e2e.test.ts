/** A conversation that grows for hours: the page stays light, and what came before is there for who scrolls up. */
import { call, say } from "@openhands/testing";
import { expect, it } from "vitest";
import { startScriptedServer } from "../apps/server/test/scripted-server.ts";
import { complaints, openBrowser } from "./browser.ts";

const steps = 220;

it("of a long run only its end stays loaded; scrolling up brings the rest, and what is read stays where it is", async () => {
  let step = 0;
  await using scripted = await startScriptedServer({
    responder: () => {
      step += 1;
      return step <= steps ? call("terminal", { command: `echo step-${step}-` }) : say("The end.");
    },
  });
  const { client, link, url } = scripted.server;
  const { id } = await client.conversations.create({ title: "Long" });
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(120_000);
    const said = complaints(page);
    await page.goto(link);
    await page.getByTestId("conversation-list").locator("a").first().waitFor();
    await page.goto(`${url}/conversations/${id}`);
    await page.getByTestId("composer").fill("the very first words");
    await page.getByTestId("composer").press("Enter");
    const chat = page.getByTestId("chat");
    await chat.getByText("The end.").waitFor();
    const rows = chat.getByText(/^echo step-\d+-$/);
    expect(await rows.count()).toBeLessThan(steps);
    expect(await chat.getByText("the very first words").count()).toBe(0);

    await chat.hover();
    await page.mouse.wheel(0, -100_000);
    const before = await rows.count();
    const place = async (text: string): Promise<number | undefined> =>
      (await chat.getByText(text, { exact: true }).boundingBox())?.y;
    const top = rows.first();
    const name = await top.innerText();
    await expect.poll(async () => await rows.count()).toBeGreaterThan(before);
    // it was at the top of what was there, and is on the screen still
    const y = (await place(name)) ?? -1;
    expect(y).toBeGreaterThan(0);
    expect(y).toBeLessThan(900);

    while ((await chat.getByText("the very first words").count()) === 0) {
      await page.mouse.wheel(0, -100_000);
      await page.evaluate(() => new Promise((drawn) => setTimeout(drawn, 0)));
    }
    await expect.poll(async () => await rows.count()).toBe(steps);
    await page.getByRole("button", { name: "To the end" }).click();
    await chat.getByText("The end.").waitFor();
    await expect.poll(async () => await rows.count()).toBeLessThan(steps);
    expect(said).toEqual([]);
  } finally {
    await browser.close();
  }
});
