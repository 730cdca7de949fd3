/** The page behind nginx, under a path of its own. */
import { say, startScriptedLlm, temporaryHome } from "@openhands/testing";
import { expect, it } from "vitest";
import { startNginx } from "../apps/server/test/nginx.ts";
import { startServerProcess } from "../apps/server/test/server-process.ts";
import { complaints, openBrowser } from "./browser.ts";

it("the page works under a path prefix, from the link over a reload to an answer", async () => {
  await using home = await temporaryHome();
  await using llm = await startScriptedLlm();
  llm.push(say("Seen through the proxy."));
  const env = {
    LLM_MODEL: "openai/scripted",
    LLM_API_KEY: "sk-scripted-0123456789",
    LLM_BASE_URL: llm.url,
    BASE_PATH: "/agents",
    TRUSTED_PROXY: "127.0.0.1",
  };
  await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap", env });
  await using nginx = await startNginx({ prefix: "/agents", upstream: server.url });
  const browser = await openBrowser();
  try {
    const page = await browser.newPage();
    const said = complaints(page);
    await page.goto(server.link.replace(server.url, nginx.url));
    await page.getByTestId("new-conversation").first().click();
    await page.getByTestId("composer").fill("Are you there?");
    await page.getByTestId("send").click();
    await page.getByTestId("chat").getByText("Seen through the proxy.").waitFor();
    expect(new URL(page.url()).pathname).toMatch(/^\/agents\/conversations\/[0-9a-f]{32}$/);
    await page.reload();
    await page.getByTestId("chat").getByText("Seen through the proxy.").waitFor();
    expect(said).toEqual([]);
  } finally {
    await browser.close();
  }
});
