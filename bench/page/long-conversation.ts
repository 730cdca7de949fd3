import { type EventDraft, TerminalAction } from "@openhands/protocol";
import { createLayout, createRedactor, openEventLog } from "@openhands/store";
import { slow, startScriptedLlm, temporaryHome } from "@openhands/testing";
import type { Page } from "playwright-core";
import { startServerProcess } from "../../apps/server/test/server-process.ts";
import { openBrowser } from "../../e2e/browser.ts";
import { type Figure, milliseconds } from "../bench.ts";

const length = 20_000;
const rounds = 5;
const keys = 200;
/** of 100 events each, taken in after the first */
const earlierPages = 20;

/** Opens a conversation of 20,000 events, types while an answer streams, and again after earlier pages were read. */
export async function longConversation(): Promise<readonly Figure[]> {
  await using home = await temporaryHome();
  await using llm = await startScriptedLlm();
  const env = { LLM_MODEL: "openai/scripted", LLM_API_KEY: "sk-0123456789", LLM_BASE_URL: llm.url };
  const id = await makeLong(home.path, env);
  await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap", env });
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(60_000);
    await page.goto(server.link);
    await page.getByTestId("new-conversation").first().waitFor();
    const paints: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await page.goto(`${server.url}/conversations/${id}`);
      await page.getByText("The last answer.").waitFor();
      paints.push(await page.evaluate(() => performance.now()));
    }
    const reply = slow("Word after word, for as long as somebody types. ".repeat(400), 20);
    llm.push(reply, reply);
    const typed = await typeWhileStreaming(page);
    const began = performance.now();
    await page.evaluate(loadEarlier);
    const loaded = performance.now() - began;
    const typedAfter = await typeWhileStreaming(page);
    return [
      { what: "navigation → last message on the screen", value: milliseconds(paints) },
      { what: "key → frame, while an answer streams", value: milliseconds(typed) },
      {
        what: `${earlierPages} earlier pages, scrolled up to one after the other`,
        value: `${(loaded / 1000).toFixed(1)} s`,
      },
      { what: "key → frame, back at the end after these", value: milliseconds(typedAfter) },
    ];
  } finally {
    await browser.close();
  }
}

/** Milliseconds from each key to the frame that shows it. */
async function typeWhileStreaming(page: Page): Promise<number[]> {
  const field = page.getByTestId("composer");
  await field.fill("go on");
  await field.press("Enter");
  await page.getByTestId("stop").waitFor();
  await page.getByText("Word after word").last().waitFor();
  await page.evaluate(watchKeys);
  await field.pressSequentially("abcd ".repeat(keys / 5));
  const times = await page.evaluate("window.keyTimes.splice(0)");
  await field.fill("");
  await page.getByTestId("stop").click();
  await page.getByTestId("stop").waitFor({ state: "detached" });
  return Array.isArray(times) ? times.map(Number) : [];
}

/** This and the next run in the page, whose names are not known here. */
const loadEarlier = `(async () => {
  const chat = document.querySelector('[data-testid="chat"]');
  for (let left = ${earlierPages}; left > 0; left -= 1) {
    const height = chat.scrollHeight;
    while (chat.scrollHeight <= height) {
      chat.scrollTop = 0;
      await new Promise((drawn) => requestAnimationFrame(drawn));
    }
  }
})()`;
const watchKeys = `if (!window.keyTimes) {
  window.keyTimes = [];
  window.addEventListener("keydown", () => {
    const began = performance.now();
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => window.keyTimes.push(performance.now() - began);
      port2.postMessage(null);
    });
  }, true);
}`;

async function makeLong(home: string, env: Record<string, string>) {
  await using server = await startServerProcess({ home, runtime: "bubblewrap", env });
  const { id } = await server.client.conversations.create({ title: "Long" });
  // Nothing is to be summarized: the answer alone is waited for.
  await server.client.settings.patch({ llm_models: { "openai/scripted": { context_window: 100_000_000 } } });
  await server.stop();
  const path = createLayout(home).eventsFile(id);
  const log = await openEventLog({ path, conversationId: id, redactor: createRedactor() });
  const turns = Array.from({ length: length / 10 }, (_, turn) => turnDrafts(turn));
  for (let at = 0; at < turns.length; at += 100) await log.append(turns.slice(at, at + 100).flat());
  await log.append([message("agent", "The last answer.")]);
  await log.close();
  return id;
}

/** Ten events: what is asked, four commands with their output, and what is said of them. */
function turnDrafts(turn: number): EventDraft[] {
  const steps = Array.from({ length: 4 }, (_, step) => stepDrafts(`call-${turn}-${step}`)).flat();
  const said = `It is **done**. What I saw in round ${turn}:\n\n- \`src/one.ts\` is as it was\n- the tests pass`;
  return [message("user", `Round ${turn}: look again, please.`), ...steps, message("agent", said)];
}

function message(source: "user" | "agent", text: string): EventDraft {
  const role = source === "user" ? "user" : "assistant";
  return { kind: "MessageEvent", source, llm_message: { role, content: [{ type: "text", text }] } };
}

function stepDrafts(callId: string): EventDraft[] {
  const action = TerminalAction.parse({
    kind: "TerminalAction",
    command: "npm test",
    is_input: false,
    reset: false,
  });
  const call = { tool_name: "terminal", tool_call_id: callId };
  return [
    {
      kind: "ActionEvent",
      source: "agent",
      thought: [],
      action,
      ...call,
      tool_call: { id: callId, name: "terminal", arguments: JSON.stringify({ command: "npm test" }) },
      llm_response_id: callId,
      security_risk: "LOW",
    },
    {
      kind: "ObservationEvent",
      source: "environment",
      ...call,
      action_id: callId,
      observation: {
        kind: "TerminalObservation",
        content: [{ type: "text", text: "ok 1 - a test that passes\n".repeat(20) }],
        is_error: false,
        command: "npm test",
        exit_code: 0,
        timeout: false,
        metadata: { exit_code: 0, working_dir: "/workspace", prefix: "", suffix: "" },
      },
    },
  ];
}
