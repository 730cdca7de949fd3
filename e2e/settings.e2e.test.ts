/** Settings that are numbers: limits in groups, and what the person knows of a model. */
import { expect, it } from "vitest";
import { startScriptedServer } from "../apps/server/test/scripted-server.ts";
import { complaints, openBrowser } from "./browser.ts";

it("limits are saved by group and wrong ones told; a model's window and prices are what the person says", async () => {
  await using scripted = await startScriptedServer();
  const { client, link, url } = scripted.server;
  const browser = await openBrowser();
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(60_000);
    const said = complaints(page);
    await page.goto(link);
    await page.getByTestId("new-conversation").first().waitFor();
    await page.goto(`${url}/settings`);
    await page.getByTestId("settings-max_run_seconds").fill("3600");
    await page.getByTestId("settings-max_iterations").fill("many");
    await page.getByText("This is not a number.").waitFor();
    await page.getByTestId("runs-save").click();
    await expect.poll(async () => (await client.settings.get()).max_run_seconds).toBe(3600);
    await page.getByTestId("settings-llm_silence_seconds").fill("-1");
    await page.getByTestId("waits-save").click();
    await page.getByText("Not saved").waitFor();
    expect((await client.settings.get()).llm_silence_seconds).toBe(60);

    await page.getByTestId("facts-window").fill("120000");
    await page.getByTestId("facts-input").fill("1.5");
    await page.getByText("Prices are known for both, or for none.").waitFor();
    await page.getByTestId("facts-output").fill("6");
    await page.getByTestId("facts-save").click();
    await expect
      .poll(async () => (await client.models.describe("openai/scripted")).facts)
      .toMatchObject({ context_window: 120_000, prices: { input: 1.5, output: 6 } });
    await page.getByTestId("facts-window").fill("");
    await page.getByTestId("facts-save").click();
    await expect
      .poll(async () => (await client.settings.get()).llm_models["openai/scripted"])
      .toEqual({ prices: { input: 1.5, output: 6, cache_read: null, cache_write: null } });
    // the server's refusal of a limit below 0
    expect(said.filter((text) => !text.includes("400") && !text.includes("422"))).toEqual([]);
  } finally {
    await browser.close();
  }
});
