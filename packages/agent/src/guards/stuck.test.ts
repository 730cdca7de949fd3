import { emptyState, type EventDraft, parseEvent, text } from "@openhands/protocol";
import { describe, expect, it } from "vitest";
import { RecentSteps } from "../recent-steps.ts";
import { stuck } from "./stuck.ts";

class History {
  readonly recent = new RecentSteps();
  #seq = 0;

  push(draft: EventDraft): this {
    this.#seq += 1;
    this.recent.push(parseEvent({ id: `e${this.#seq}`, seq: this.#seq, timestamp: "t", ...draft }));
    return this;
  }

  says(source: "user" | "agent" | "environment"): this {
    const role = source === "agent" ? "assistant" : "user";
    return this.push({ kind: "MessageEvent", source, llm_message: { role, content: [text("words")] } });
  }

  runs(command: string, output: string, exitCode = 0, tool_call_id = `c${this.#seq}`): this {
    const call = { tool_name: "terminal", tool_call_id };
    this.#acts(command, call);
    const observation = {
      kind: "TerminalObservation",
      content: [text(output)],
      is_error: false,
      exit_code: exitCode,
    };
    return this.push({
      kind: "ObservationEvent",
      source: "environment",
      observation,
      action_id: "a",
      ...call,
    });
  }

  /** An action that ends in an error of ours, with no observation. */
  fails(command: string, error: string): this {
    const call = { tool_name: "terminal", tool_call_id: `c${this.#seq}` };
    this.#acts(command, call);
    return this.push({ kind: "AgentErrorEvent", source: "agent", error, ...call });
  }

  #acts(command: string, call: { tool_name: string; tool_call_id: string }): void {
    this.push({
      kind: "ActionEvent",
      source: "agent",
      thought: [],
      action: { kind: "TerminalAction", command },
      tool_call: { id: call.tool_call_id, name: "terminal", arguments: "{}" },
      llm_response_id: call.tool_call_id,
      security_risk: "LOW",
      ...call,
    });
  }

  get verdict(): string {
    const verdict = stuck({
      recent: this.recent,
      state: emptyState,
      maxIterations: 10,
      maxBudget: null,
    });
    return verdict?.kind ?? "go on";
  }
}

const times = (count: number, history: History, turn: (history: History, n: number) => History): History =>
  Array.from({ length: count }).reduce<History>((before, _, n) => turn(before, n), history);
const same = (count: number): History =>
  times(count, new History(), (history) => history.runs("make", "error"));

describe("the same action with the same result", () => {
  it("is nothing twice, told the third time, and ends the run the fourth", () => {
    expect(same(2).verdict).toBe("go on");
    expect(same(3).verdict).toBe("nudge");
    expect(same(3).says("environment").verdict).toBe("go on");
    expect(same(3).says("environment").runs("make", "error").verdict).toBe("stop");
  });

  it("is the same although times and addresses in it differ", () => {
    const history = times(3, new History(), (before, n) =>
      before.runs("make", `2026-01-0${n + 1}T10:00:0${n} took 0.${n}s at 0xff${n}`),
    );
    expect(history.verdict).toBe("nudge");
  });

  it("begins anew with a message of the person, and with another action", () => {
    expect(same(4).says("user").verdict).toBe("go on");
    expect(same(3).runs("ls", "a").runs("make", "error").verdict).toBe("go on");
    const after = same(3).says("environment").runs("ls", "a");
    expect(times(3, after, (history) => history.runs("make", "error")).verdict).toBe("nudge");
  });

  it("is another one with other arguments or another result", () => {
    expect(times(8, new History(), (history, n) => history.runs(`make t${n}`, "error")).verdict).toBe(
      "go on",
    );
    expect(times(8, new History(), (history, n) => history.runs("make", `error ${n}`)).verdict).toBe("go on");
  });

  it("is told by the results also of a model that gives each call the same id", () => {
    const runs = (output: (n: number) => string) =>
      times(4, new History(), (history, n) => history.runs("make", output(n), 0, "call_1"));
    expect(runs((n) => `error ${n}`).verdict).toBe("go on");
    expect(runs(() => "error").verdict).toBe("nudge");
  });

  it("is the same although numbers of processes differ, and for an error that no command returned", () => {
    const started = times(3, new History(), (history, n) =>
      history.runs("serve &", `[${n + 1}] ${4000 + n}\nstarted as process ${4000 + n}`),
    );
    expect(started.verdict).toBe("nudge");
    const failed = times(3, new History(), (history) => history.fails("serve", "The sandbox is gone."));
    expect(failed.verdict).toBe("nudge");
    expect(failed.says("environment").fails("serve", "The sandbox is gone.").verdict).toBe("stop");
  });
});

describe("waiting and polling", () => {
  it.each(["", "sleep 5", "sleep 1 && curl -s localhost:8000/health", "while ! test -e x; do sleep 1; done"])(
    "%j may repeat for ever",
    (command) => {
      expect(times(10, new History(), (history) => history.runs(command, "not yet")).verdict).toBe("go on");
    },
  );

  it("looking at what still runs may repeat for ever", () => {
    expect(times(10, new History(), (history) => history.runs("tail -f log", "…", -1)).verdict).toBe("go on");
  });
});

it("two actions in turn are told after four and end the run after six", () => {
  const turns = (count: number, from: History) =>
    times(count, from, (history, n) => (n % 2 === 0 ? history.runs("a", "1") : history.runs("b", "2")));
  expect(turns(3, new History()).verdict).toBe("go on");
  expect(turns(4, new History()).verdict).toBe("nudge");
  const told = turns(4, new History()).says("environment");
  expect(turns(1, told).verdict).toBe("go on");
  expect(turns(2, turns(4, new History()).says("environment")).verdict).toBe("stop");
});

it("talk without action ends the run", () => {
  expect(times(2, new History(), (history) => history.says("agent")).verdict).toBe("nudge");
  const told = times(2, new History(), (history) => history.says("agent")).says("environment");
  expect(told.says("agent").verdict).toBe("stop");
});
