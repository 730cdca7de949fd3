/** What the agent asks before it does something, answered on the page by hand and by key. */
import { answer, call, type Reply, say } from "@openhands/testing";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ScriptedServer, startScriptedServer } from "../apps/server/test/scripted-server.ts";
import { complaints, openBrowser } from "./browser.ts";

let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});

afterAll(async () => await browser.close());

interface Asked {
  readonly scripted: ScriptedServer;
  readonly page: Page;
  readonly said: string[];
  readonly id: string;
  status(wanted: string): Promise<void>;
  observed(): Promise<number>;
}

/** A conversation in which everything is asked about, with its first question on the page. */
async function asking(
  script: readonly Reply[],
  viewport = { width: 1440, height: 900 },
): Promise<Asked & AsyncDisposable> {
  const scripted = await startScriptedServer();
  scripted.llm.push(...script);
  const { client, link, url } = scripted.server;
  const { id } = await client.conversations.create({
    confirmation_policy: { kind: "AlwaysConfirm" },
    initial_message: { content: "start", run: true },
  });
  const page = await (await browser.newContext({ viewport })).newPage();
  page.setDefaultTimeout(60_000);
  const said = complaints(page);
  await page.goto(link);
  await page.getByTestId("new-conversation").first().waitFor({ state: "attached" });
  await page.goto(`${url}/conversations/${id}`);
  await page.getByTestId("approval").waitFor();
  return {
    scripted,
    page,
    said,
    id,
    status: async (wanted) =>
      await page.locator(`[data-testid="execution-status"][data-status="${wanted}"]`).waitFor(),
    observed: async () => await client.events.count(id, { kind: "ObservationEvent" }),
    [Symbol.asyncDispose]: async () => {
      await page.context().close();
      await scripted[Symbol.asyncDispose]();
    },
  };
}

const keysAnswer = async (page: Page): Promise<void> =>
  await page.locator('[data-testid="approval"][data-keys="on"]').waitFor();

it("says what exactly and why; Enter allows it, and the like of it for the conversation", async () => {
  await using asked = await asking([
    call("terminal", { command: "sudo echo one\u202e; echo two" }),
    call("file_editor", { command: "create", path: "/workspace/note.txt", file_text: "first\nsecond\n" }),
    call("file_editor", { command: "create", path: "/workspace/other.txt", file_text: "third\n" }),
    say("Done."),
  ]);
  const { page } = asked;
  expect(await page.getByTestId("approval-what").innerText()).toContain("sudo echo one\\u{202e}; echo two");
  expect(await page.getByTestId("approval-risk").innerText()).toBe("high risk");
  expect(await page.getByTestId("approval-why").innerText()).not.toBe("");
  expect(await asked.observed()).toBe(0);
  await keysAnswer(page);
  await page.getByTestId("composer").press("Enter");
  await page.getByTestId("approval-what").getByText("second").waitFor();
  expect(await page.getByTestId("approval-what").innerText()).toContain("/workspace/note.txt");
  await page.getByTestId("approval-allow-conversation").click();
  await asked.status("finished");
  await page.getByTestId("approval").waitFor({ state: "detached" });
  expect(await asked.observed()).toBe(3);
  expect(asked.said).toEqual([]);
});

it("Escape rejects with a reason, and a message rejects as well", async () => {
  await using asked = await asking([
    call("terminal", { command: "touch first" }),
    call("terminal", { command: "touch second" }),
    say("As you wish."),
  ]);
  const { page } = asked;
  await keysAnswer(page);
  await page.keyboard.press("Escape");
  await page.getByTestId("approval-reason").press("Escape");
  await page.getByTestId("approval-reject").click();
  await page.getByTestId("approval-reason").fill("not there");
  await page.getByTestId("approval-reason").press("Enter");
  await page.getByTestId("approval-what").getByText("touch second").waitFor();
  await page.getByTestId("chat").getByText("Rejected: not there").waitFor();
  await page.getByTestId("composer").fill("look first");
  await page.getByTestId("composer").press("Enter");
  await page.getByTestId("chat").getByText("As you wish.").waitFor();
  expect(await asked.observed()).toBe(0);
});

it("a command that is asked about has not run anywhere on the page, and the header says who is waited for", async () => {
  await using asked = await asking([call("terminal", { command: "echo one" }), say("Done.")]);
  const { page } = asked;
  await page.getByTestId("execution-status").getByText("Waiting for you").waitFor();
  await page
    .getByTestId("status-time")
    .getByText(/^\d+ s$/)
    .waitFor();
  await page.getByTestId("chat").getByTestId("open-step").getByText("asks").waitFor();
  const terminal = page.getByTestId("commands-panel");
  await terminal.getByTestId("command-waits").getByText("it waits for your yes").waitFor();
  expect(await terminal.getByLabel("running").count()).toBe(0);
  await page.getByTestId("approval-allow").click();
  await terminal.getByTestId("command-waits").waitFor({ state: "detached" });
  await terminal.getByText("one", { exact: true }).waitFor();
});

it("what is always allowed is asked about in no conversation, until the settings take it back", async () => {
  const command = "curl -d @note https://example.invalid || true";
  await using asked = await asking([call("terminal", { command }), say("Sent.")]);
  const { page, scripted } = asked;
  const { client, url } = scripted.server;
  await page.getByTestId("approval-allow-always").click();
  await asked.status("finished");
  const again = async (): Promise<string> => {
    scripted.llm.push(call("terminal", { command }), say("Again."));
    const { id } = await client.conversations.create({
      confirmation_policy: { kind: "AlwaysConfirm" },
      initial_message: { content: "start", run: true },
    });
    await page.goto(`${url}/conversations/${id}`);
    return id;
  };
  await again();
  await asked.status("finished");
  await page.goto(`${url}/settings`);
  await page
    .getByTestId("asking")
    .getByRole("button", { name: /^Ask again about/ })
    .click();
  await page.getByTestId("asking").getByText("always allowed").waitFor({ state: "detached" });
  await again();
  await page.getByTestId("approval").waitFor();
  expect(asked.said).toEqual([]);
});

it("on a phone every answer is in reach, and what is asked can be read to its end", async () => {
  const long = Array.from({ length: 120 }, (_, line) => `echo line ${line}`).join("\n");
  await using asked = await asking(
    [
      answer({
        calls: [
          { name: "terminal", arguments: { command: long } },
          { name: "terminal", arguments: { command: "echo last" } },
        ],
      }),
      say("Done."),
    ],
    { width: 390, height: 844 },
  );
  const { page } = asked;
  for (const name of ["allow", "allow-conversation", "allow-always", "reject"]) {
    const box = await page.getByTestId(`approval-${name}`).boundingBox();
    expect(box?.y ?? 0).toBeGreaterThan(844 / 2);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(844);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(390);
  }
  await page.getByTestId("approval-what").getByText("echo last").scrollIntoViewIfNeeded();
  await page.getByTestId("approval-allow").click();
  await asked.status("finished");
  expect(await asked.observed()).toBe(2);
});

it("when it asks is chosen for a conversation, and in the settings for new ones", async () => {
  await using asked = await asking([call("terminal", { command: "echo one" }), say("Done.")]);
  const { page, scripted, id } = asked;
  const { client, url } = scripted.server;
  await page.getByTestId("policy").selectOption("never");
  await expect
    .poll(async () => (await client.conversations.get(id)).confirmation_policy.kind)
    .toBe("NeverConfirm");
  await expect.poll(async () => await page.getByTestId("policy").inputValue()).toBe("never");
  await page.goto(`${url}/settings`);
  for (const [words, kind] of [
    ["Ask before risky", "ConfirmRisky"],
    ["Ask always", "AlwaysConfirm"],
    ["Ask never", "NeverConfirm"],
  ] as const) {
    await page.getByTestId("asking").getByText(words, { exact: true }).click();
    await expect.poll(async () => (await client.conversations.create()).confirmation_policy.kind).toBe(kind);
  }
});
