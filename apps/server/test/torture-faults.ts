/** What must hold of a conversation, whatever was done to it, looked at from outside: in its files, and at the model. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { historyFault, type ScriptedLlm, tortureSeed } from "@openhands/testing";
import * as z from "zod";

const Row = z.looseObject({
  seq: z.number(),
  kind: z.string(),
  key: z.string().optional(),
  value: z.unknown().optional(),
  queued: z.number().nullish(),
  tool_call_id: z.string().optional(),
  action: z.looseObject({ command: z.string().optional() }).nullish(),
  observation: z.looseObject({ exit_code: z.number().optional() }).optional(),
});
export type Row = z.infer<typeof Row>;
const Line = z.array(z.looseObject({ n: z.number() }));

const answers = new Set(["ObservationEvent", "AgentErrorEvent", "UserRejectObservation"]);
/** Characters of a row that are shown, and how many rows about what went wrong. */
const shownOfRow = 600;
const shownAround = 4;

export async function readRows(home: string, id: string): Promise<Row[]> {
  const text = await readFile(join(home, "conversations", id, "events.json"), "utf8");
  return z.array(Row).parse(JSON.parse(text));
}

/** Each action has one answer, each acknowledged message is there or waits once, and no seq is missing. */
export function logFaults(rows: readonly Row[], said: readonly string[]): string[] {
  const faults = rows
    .filter((row, index) => row.seq !== index)
    .map((row) => `seq ${row.seq} is out of order`);
  const open = new Map<string, Row>();
  for (const row of rows) {
    const call = row.tool_call_id ?? "";
    if (row.kind === "ActionEvent") open.set(call, row);
    else if (answers.has(row.kind) && !open.delete(call))
      faults.push(`a second answer to ${call}${shown(rows, [row])}`);
  }
  for (const [call, row] of open) faults.push(`no answer to ${call}${shown(rows, [row])}`);
  const messages = [...rows.filter((row) => row.kind === "MessageEvent"), ...waiting(rows)].map((message) =>
    JSON.stringify(message),
  );
  for (const words of said) {
    const times = messages.filter((message) => message.includes(words)).length;
    if (times !== 1) faults.push(`"${words}" is there ${times} times`);
  }
  return faults;
}

/** Put in line and not delivered: a server that is killed at the end of a turn leaves them to the next one. */
function waiting(rows: readonly Row[]): z.infer<typeof Line> {
  const delivered = new Set(rows.map((row) => row.queued));
  const line = Line.parse(rows.findLast((row) => row.key === "queue")?.value ?? []);
  return line.filter((message) => !delivered.has(message.n));
}

/** No action ran twice, none that was refused ran, and each of which an exit code is known did. */
export async function actionFaults(home: string, id: string, rows: readonly Row[]): Promise<string[]> {
  const text = await readFile(join(home, "workspace", id, "actions.log"), "utf8").catch(() => "");
  const lines = text.split("\n");
  return rows.flatMap((row) => {
    const line = /^echo (\S+) >> actions\.log/.exec(row.action?.command ?? "")?.[1];
    if (line === undefined) return [];
    const times = lines.filter((each) => each === line).length;
    const answer = rows.find((each) => each.seq > row.seq && each.tool_call_id === row.tool_call_id);
    const wasRefused = answer?.kind === "UserRejectObservation";
    const hasEnded = (answer?.observation?.exit_code ?? -1) >= 0;
    if (times === 1 ? !wasRefused : times === 0 && !hasEnded) return [];
    return [
      `action ${line} ran ${times} times${shown(rows, answer ? [row, answer] : [row])}\n${lines.join(" ")}`,
    ];
  });
}

export function requestFaults(llm: ScriptedLlm, seed: number): string[] {
  return llm.requests
    .filter(({ model }) => tortureSeed(model) === seed)
    .flatMap(({ number, body }) => {
      const fault = historyFault(body.messages);
      return fault === null ? [] : [`request ${number}: ${fault}`];
    });
}

/** These rows of the log and those about them, a line each. */
function shown(rows: readonly Row[], about: readonly Row[]): string {
  const isNear = ({ seq }: Row): boolean => about.some((each) => Math.abs(each.seq - seq) <= shownAround);
  const lines = rows.filter(isNear).map((row) => `\n  ${JSON.stringify(row).slice(0, shownOfRow)}`);
  return `:${lines.join("")}`;
}
