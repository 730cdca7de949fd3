/** A newcomer's first minutes, in a real browser on the built page. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  answer,
  call,
  primesOutput,
  primesScript,
  primesTask,
  say,
  slow,
  startScriptedLlm,
  temporaryHome,
} from "@openhands/testing";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startServerProcess } from "../apps/server/test/server-process.ts";
import { complaints, openBrowser } from "./browser.ts";

let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});

afterAll(async () => {
  await browser.close();
});

const by = (page: Page, id: string): Locator => page.getByTestId(id);

async function send(page: Page, message: string): Promise<void> {
  await by(page, "composer").fill(message);
  await by(page, "send").click();
}

async function status(page: Page, wanted: string): Promise<void> {
  await page.locator(`[data-testid="execution-status"][data-status="${wanted}"]`).waitFor();
}

async function newPage(size = { width: 1440, height: 900 }): Promise<Page> {
  const page = await (await browser.newContext({ viewport: size })).newPage();
  page.setDefaultTimeout(400_000);
  return page;
}

const model = { LLM_MODEL: "openai/scripted", LLM_API_KEY: "sk-scripted-0123456789" };

describe.each(["docker", "bubblewrap"] as const)("in %s", (runtime) => {
  it("from the printed link to a finished task, and the same after a restart", async () => {
    await using home = await temporaryHome();
    await using llm = await startScriptedLlm();
    llm.push(...primesScript());
    const env = { ...model, LLM_BASE_URL: llm.url };
    const page = await newPage();
    const said = complaints(page);
    let address: string;
    {
      await using server = await startServerProcess({ home: home.path, runtime, env });
      await page.goto(server.link);
      await by(page, "new-conversation").first().click();
      await send(page, primesTask);
      await status(page, "finished");
      expect(await by(page, "chat").innerText()).toContain("primes");
      expect(await by(page, "commands-panel").innerText()).toContain(primesOutput.trim().split("\n")[0]);
      expect(page.url()).not.toContain("code=");
      address = new URL(page.url()).pathname;
      const id = address.split("/").at(-1) ?? "";
      expect(await readFile(join(home.path, "workspace", id, "primes.txt"), "utf8")).toBe(primesOutput);
      expect(said).toEqual([]);
    }
    llm.push(say("Still here."));
    await using server = await startServerProcess({ home: home.path, runtime, env });
    await page.goto(server.link);
    await by(page, "conversation-list").locator("a").first().click();
    await by(page, "chat").getByText("primes").first().waitFor();
    expect(new URL(page.url()).pathname).toBe(address);
    await send(page, "Are you there?");
    await by(page, "chat").getByText("Still here.").waitFor();
    await status(page, "finished");
  });
});

describe("on the page", () => {
  it("text streams as it comes, and Stop stops", async () => {
    await using home = await temporaryHome();
    await using llm = await startScriptedLlm();
    llm.push(slow("The answer comes word by word and would go on for a very long time. ".repeat(200), 20));
    const env = { ...model, LLM_BASE_URL: llm.url };
    await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap", env });
    const page = await newPage();
    await page.goto(server.link);
    await by(page, "new-conversation").first().click();
    await send(page, "Tell me a story");
    await by(page, "chat").getByText("word by word").first().waitFor();
    await status(page, "running");
    await by(page, "stop").click();
    await status(page, "paused");
    expect(await llm.requests[0]?.ended).toBe("closed by client");
    llm.push(say("A shorter one."));
    await send(page, "Shorter, please");
    await by(page, "chat").getByText("A shorter one.").waitFor();
  });

  it("Stop ends a running command, whatever it traps", async () => {
    await using home = await temporaryHome();
    await using llm = await startScriptedLlm();
    llm.push(
      call("terminal", { command: `sh -c 'trap "" INT TERM; echo trapped; sleep 1000 & sleep 1000'` }),
    );
    const env = { ...model, LLM_BASE_URL: llm.url };
    await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap", env });
    const page = await newPage();
    await page.goto(server.link);
    await by(page, "new-conversation").first().click();
    await send(page, "Wait for ever");
    await by(page, "chat").getByText("trap").first().waitFor();
    await page.locator('[data-testid="sandbox-status"][data-status="ready"]').waitFor();
    await by(page, "stop").click();
    await status(page, "paused");
    llm.push(call("terminal", { command: "echo usable" }), say("It is."));
    await send(page, "Is the shell usable?");
    await by(page, "chat").getByText("It is.").waitFor();
    await by(page, "commands-panel").getByText("usable").first().waitFor();
  });

  it("settings keep the model and the key, and never show the key", async () => {
    await using home = await temporaryHome();
    await using llm = await startScriptedLlm();
    const tries = [
      answer({ text: "one two three", chunkSize: 4 }),
      call("report", { number: 7 }),
      say("Red."),
    ];
    llm.push(...tries, say("Configured."));
    await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap" });
    const page = await newPage();
    await page.goto(server.link);
    await by(page, "new-conversation").first().waitFor();
    await page.goto(`${server.url}/settings`);
    await by(page, "settings-model").fill("openai/scripted");
    await by(page, "settings-base-url").fill(llm.url);
    await by(page, "settings-key").fill("sk-page-0123456789");
    await by(page, "settings-save").click();
    await expect.poll(async () => (await server.client.settings.get()).llm_api_key_set).toBe(true);
    for (const check of ["reachable", "key", "streaming", "tools", "vision"])
      await by(page, "probe-results").locator(`[data-check="${check}"][data-result="good"]`).waitFor();
    await page.reload();
    await expect.poll(async () => await by(page, "settings-model").inputValue()).toBe("openai/scripted");
    expect(await page.content()).not.toContain("sk-page-0123456789");
    await by(page, "new-conversation").first().click();
    await send(page, "hello");
    await by(page, "chat").getByText("Configured.").waitFor();
    expect(llm.requests[0]?.headers["authorization"]).toBe("Bearer sk-page-0123456789");
  });

  it("without access says how to get it", async () => {
    await using home = await temporaryHome();
    await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap" });
    const page = await newPage({ width: 390, height: 844 });
    await page.goto(server.url);
    await by(page, "sign-in").waitFor();
    expect(await by(page, "sign-in").innerText()).toContain("openhands link");
  });
});
