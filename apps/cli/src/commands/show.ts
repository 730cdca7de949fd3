import type { Client } from "@openhands/client";
import { type ConversationId, emptyState, reduce, type StoredEvent } from "@openhands/protocol";
import { conversationArgument } from "../conversation-argument.ts";
import { leave, showsColours, writeTo } from "../output.ts";
import { reachServer } from "../reach-server.ts";
import { readFlags } from "../read-flags.ts";
import { jsonPrinter } from "../run/json-printer.ts";
import { summaryOf } from "../run/summary.ts";
import { TextPrinter } from "../run/text-printer.ts";
import { told } from "../running-server.ts";
import type { Command } from "./command.ts";

const usage = `openhands show ID [--json]

What was said and done in a conversation; with --json each event of its log as one line.
`;

const options = { json: { type: "boolean" } } as const;

export const show: Command = {
  name: "show",
  summary: "print a conversation: show ID (--json: its events)",
  usage,
  run: async (args, environment) => {
    const { values, positionals } = readFlags(args, options, usage);
    const write = writeTo(process.stdout, leave);
    const id = conversationArgument(positionals, usage.trimEnd());
    const colours = showsColours(process.stdout, environment);
    const printer =
      values.json === true ? jsonPrinter(write) : new TextPrinter({ write, colours, showsPerson: true });
    await using server = await reachServer(environment, { reconcileAfter: null });
    const info = await told(server.client.conversations.get(id));
    let state = emptyState;
    for await (const event of events(server.client, id)) {
      printer.event(event);
      state = reduce(state, event);
    }
    if (values.json !== true) process.stderr.write(`${summaryOf(info, state.openActions.values())}\n`);
  },
};

async function* events(client: Client, id: ConversationId): AsyncGenerator<StoredEvent> {
  let seen = -1;
  for (;;) {
    const { items } = await told(client.events.search(id, { after_seq: seen }));
    const last = items.at(-1);
    if (last === undefined) return;
    yield* items;
    seen = last.seq;
  }
}
