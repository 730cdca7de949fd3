/**
 * Makes room in the history before a request that would be too long. Rung by rung: each must save a tenth or it is
 * passed over, until the request is well below the limit. What was done is in the log as tombstones, so the next run
 * builds the same requests.
 */
import { ledgerRow, type Model, type ModelAnswer } from "@openhands/models";
import { countCall, type EventDraft, type ModelCall, type Stats } from "@openhands/protocol";
import type { Context } from "../context.ts";
import { condensed } from "../history/condensed.ts";
import { sizeOfAll } from "../history/entry.ts";
import {
  type Condensed,
  type Condenser,
  type CondenserInput,
  savesEnough,
  type Summary,
} from "./condenser.ts";
import { condensers } from "./registry.ts";
import { type Room, roomFor } from "./room.ts";
import { summarise } from "./summarise.ts";

/** Characters of the newest that stay as they are where a person wishes for a summary. */
const shortTail = 6000;

export interface Ladder {
  readonly model: Model;
  readonly context: Context;
  readonly signal: AbortSignal;
  readonly stats: () => Stats;
  /** Resolves when the context has what was appended. */
  readonly append: (drafts: readonly EventDraft[]) => Promise<unknown>;
  readonly onRetry: Parameters<Model["ask"]>[1]["onRetry"];
  readonly onTry?: () => void;
}

export interface Climbed {
  /** something is left out that was in the request before */
  readonly condensed: boolean;
  /** the model was asked for it, which costs */
  readonly asked: boolean;
}

/** Where the next request is too long, it is well below the limit afterwards, or as short as can be. */
export async function makeRoom(ladder: Ladder): Promise<Climbed> {
  const { context, model } = ladder;
  const room = roomFor(model.facts, context);
  if (context.size <= room.limit) return { condensed: false, asked: false };
  let climbed: Climbed = { condensed: false, asked: false };
  for (const rung of condensers) {
    if (context.size <= (rung.isLastResort === true ? room.crowded : room.target)) break;
    if (!rung.free && isHopeless(context, room)) continue;
    const taken = await take(rung, room, ladder);
    climbed = { condensed: climbed.condensed || taken.condensed, asked: climbed.asked || taken.asked };
  }
  return climbed;
}

/** Because the person wishes it: a summary, also where there is room. */
export async function summariseNow(ladder: Ladder): Promise<Climbed> {
  const room = roomFor(ladder.model.facts, ladder.context);
  // a large window would keep everything as its newest part
  const tail = Math.min(room.tail, shortTail);
  return await take(summarise, { ...room, tail }, ladder);
}

/** Not even the newest would fit, so a summary would save nothing: the model must be told as little as can be. */
function isHopeless({ entries }: Context, room: Room): boolean {
  const newest = entries.at(-1);
  const task = entries.findLast((entry) => entry.kind === "person");
  const least = (task?.size ?? 0) + (newest === task ? 0 : Math.min(newest?.size ?? 0, room.free / 4));
  return least > room.free;
}

async function take(rung: Condenser, room: Room, ladder: Ladder): Promise<Climbed> {
  const { context, append } = ladder;
  const calls: ModelCall[] = [];
  const input: CondenserInput = {
    entries: context.entries,
    room,
    summarise: async (...given) => {
      const summary = await askForSummary(ladder, calls, ...given);
      calls.push(summary.call);
      return summary;
    },
  };
  const made = await rung.condense(input).catch(async (error: unknown) => {
    if (calls.length > 0) await append(statsDrafts(ladder.stats(), calls));
    throw error;
  });
  const saves = made !== null && saved(context, made);
  const tombstone = { kind: "Condensation", source: "environment", rung: rung.rung } as const;
  const drafts = [...(saves ? [{ ...tombstone, ...made }] : []), ...statsDrafts(ladder.stats(), calls)];
  if (drafts.length > 0) await append(drafts);
  return { condensed: saves, asked: calls.length > 0 };
}

/** Tried on a copy. */
function saved(context: Context, made: Condensed): boolean {
  const left = condensed(context.entries, made, { id: "tried", seq: 0 });
  return savesEnough(sizeOfAll(context.entries), sizeOfAll(left));
}

/** @param spent is given what came before the summary and was no use */
async function askForSummary(
  { model, signal, onRetry, onTry }: Ladder,
  spent: ModelCall[],
  ...[instructions, history]: Parameters<CondenserInput["summarise"]>
): Promise<Summary> {
  const answer: ModelAnswer = await model.ask(
    {
      prompt: [
        { role: "system", content: instructions },
        { role: "user", content: [{ type: "text", text: history }] },
      ],
      tools: [],
    },
    {
      signal,
      onDelta: () => undefined,
      onRetry,
      ...(onTry && { onTry }),
      onUseless: (useless) => void spent.push(ledgerRow("condenser", model.name, useless)),
    },
  );
  signal.throwIfAborted();
  return {
    text: answer.text,
    responseId: answer.responseId,
    call: ledgerRow("condenser", model.name, answer),
  };
}

function statsDrafts(stats: Stats, calls: readonly ModelCall[]): EventDraft[] {
  if (calls.length === 0) return [];
  const value = calls.reduce(countCall, stats);
  return [{ kind: "ConversationStateUpdateEvent", source: "environment", key: "stats", value }];
}
