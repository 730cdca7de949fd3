/** Images go with a message, chosen or pasted, and are shown: those of the person and those that the agent looked at. */
import { call, say } from "@openhands/testing";
import type { Locator } from "playwright-core";
import { expect, it } from "vitest";
import { startScriptedServer } from "../apps/server/test/scripted-server.ts";
import { complaints, openBrowser } from "./browser.ts";

const drawn = async (image: Locator): Promise<number> =>
  await image.evaluate((element) => Number(Reflect.get(element, "naturalWidth")));

/** Puts a picture in the field as the clipboard does. Run in the page, whose names are not known here. */
const paste = (picture: Buffer): string => `{
  const bytes = Uint8Array.from(atob("${picture.toString("base64")}"), (character) => character.charCodeAt(0));
  const clipboardData = new DataTransfer();
  clipboardData.items.add(new File([bytes], "two.png", { type: "image/png" }));
  document
    .querySelector('[data-testid="composer"]')
    .dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}`;

it("an image is attached, pasted, taken out, sent, and shown", async () => {
  await using scripted = await startScriptedServer();
  const { llm, server } = scripted;
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(60_000);
    const said = complaints(page);
    await page.goto(server.link);
    await page.getByTestId("new-conversation").first().click();
    const picture = await page.screenshot();
    const attached = page.getByTestId("attached-images").locator("img");
    await page
      .getByTestId("attach-input")
      .setInputFiles({ name: "one.png", mimeType: "image/png", buffer: picture });
    await attached.first().waitFor();
    await page.evaluate(paste(picture));
    await expect.poll(async () => await attached.count()).toBe(2);
    await page.getByLabel("Remove image 1").click();
    await expect.poll(async () => await attached.count()).toBe(1);
    await page
      .getByTestId("attach-input")
      .setInputFiles({ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("text") });
    await page.getByTestId("error-banner").getByText("notes.txt").waitFor();
    const shown = page.getByTestId("chat").locator("img");
    const write = `printf %s '${tiny}' | base64 -d > /workspace/dot.png`;
    llm.push(
      call("terminal", { command: write }),
      call("file_editor", { command: "view", path: "/workspace/dot.png" }),
      say("I see."),
    );
    await page.getByTestId("composer").fill("what is it?");
    await page.getByTestId("send").click();
    await page.getByTestId("chat").getByText("I see.").waitFor();
    expect(await drawn(shown.first())).toBe(1440);
    const asked = JSON.stringify(llm.requests[0]?.body.messages);
    expect(asked).toContain(`data:image/png;base64,${picture.toString("base64").slice(0, 60)}`);
    await page.getByRole("button", { name: /^dot\.png/ }).click();
    await expect.poll(async () => await drawn(shown.nth(1))).toBe(1);
    expect(said).toEqual([]);
  } finally {
    await browser.close();
  }
});

/** A picture of one pixel. */
const tiny =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
