/** What the person does while the agent works: Escape pauses it, Enter steers it, Now interrupts it. */
import { call, type Reply, say } from "@openhands/testing";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ScriptedServer, startScriptedServer } from "../apps/server/test/scripted-server.ts";
import { complaints, openBrowser } from "./browser.ts";

let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});

afterAll(async () => await browser.close());

interface Working {
  readonly scripted: ScriptedServer;
  readonly page: Page;
  readonly said: string[];
  /** lets the command end */
  letGo(): Promise<void>;
}

/** A conversation whose first command runs until it is let go, with `then` after it. */
async function working(then: Reply): Promise<Working & AsyncDisposable> {
  const scripted = await startScriptedServer();
  scripted.llm.push(call("terminal", { command: "echo going; until [ -e go ]; do sleep 0.05; done" }), then);
  const { client, link, url } = scripted.server;
  const { id } = await client.conversations.create({ initial_message: { content: "start", run: true } });
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  page.setDefaultTimeout(60_000);
  const said = complaints(page);
  await page.goto(link);
  await page.getByTestId("new-conversation").first().waitFor();
  await page.goto(`${url}/conversations/${id}`);
  await page.getByTestId("chat").getByTestId("live-output").getByText("going").waitFor();
  return {
    scripted,
    page,
    said,
    letGo: async () => void (await client.files.write(id, "go", "")),
    [Symbol.asyncDispose]: async () => {
      await page.context().close();
      await scripted[Symbol.asyncDispose]();
    },
  };
}

it("Escape pauses after the step, says so until then, and it goes on where it was", async () => {
  await using work = await working(say("Went on."));
  const { page, scripted } = work;
  const status = page.getByTestId("execution-status");
  await page.getByTestId("composer").press("Escape");
  await status.getByText("Pausing after this: running a command").waitFor();
  await page.reload();
  await status.getByText("Pausing after this").waitFor();
  await work.letGo();
  await page.locator('[data-testid="execution-status"][data-status="paused"]').waitFor();
  await page.getByTestId("chat").getByText("You paused it").waitFor();
  expect(scripted.llm.requests).toHaveLength(1);
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByTestId("chat").getByText("Went on.").waitFor();
  expect(work.said).toEqual([]);
});

it("Enter steers: the next request has the message, once, and the step is left alone", async () => {
  await using work = await working(say("Both done."));
  const { page, scripted } = work;
  await page.getByTestId("composer").press("Escape");
  await page.getByTestId("execution-status").getByText("Pausing").waitFor();
  await page.getByTestId("composer").fill("and mind the gap");
  await page.getByTestId("composer").press("Enter");
  await page.getByTestId("chat").getByText("and mind the gap").waitFor();
  // it is to be answered, so it does not pause any more
  await page.getByTestId("execution-status").getByText("Running a command").waitFor();
  await work.letGo();
  await page.getByTestId("chat").getByText("Both done.").waitFor();
  const [, second, ...more] = scripted.llm.requests.filter(({ body }) => body.tools !== undefined);
  expect(more).toEqual([]);
  expect(JSON.stringify(second?.body.messages).split("and mind the gap")).toHaveLength(2);
  expect(work.said).toEqual([]);
});

it("Now stops the command and is answered at once", async () => {
  await using work = await working(say("What instead?"));
  const { page } = work;
  await page.getByTestId("composer").fill("not that");
  await page.getByTestId("send-interrupt").click();
  await page.getByTestId("chat").getByText("What instead?").waitFor();
  await page.getByTestId("chat").getByTestId("live-output").waitFor({ state: "detached" });
  expect(work.said).toEqual([]);
});
