import { setTimeout as after } from "node:timers/promises";
import type { Client } from "@openhands/client";
import {
  AppError,
  type ConversationInfo,
  type ConversationPage,
  type ConversationSearch,
  ExecutionStatus,
} from "@openhands/protocol";
import { leave, writeTo } from "../output.ts";
import { reachServer } from "../reach-server.ts";
import { readFlags } from "../read-flags.ts";
import { plain } from "../run/plain-text.ts";
import { told } from "../running-server.ts";
import type { Command } from "./command.ts";

const usage = `openhands ls [--json] [--status STATUS] [--query WORDS]

Newest first: id, last change, status, title. With --json a line of JSON for each.
--status   ${ExecutionStatus.options.join(", ")}
--query    words that are in the title or in a message
`;

const options = {
  json: { type: "boolean" },
  status: { type: "string" },
  query: { type: "string" },
} as const;

/** What a server has not read since its start is waited for, looking this often. */
const lookEveryMs = 50;

export const ls: Command = {
  name: "ls",
  summary: "list the conversations (--json, --status, --query)",
  usage,
  run: async (args, environment) => {
    const { values, positionals } = readFlags(args, options, usage);
    if (positionals.length > 0) throw new AppError("bad_request", usage.trimEnd());
    const write = writeTo(process.stdout, leave);
    const filter = { status: statusOf(values.status), query: values.query };
    await using server = await reachServer(environment);
    for await (const info of conversations(server.client, filter))
      write(values.json === true ? `${JSON.stringify(info)}\n` : `${lineOf(info)}\n`);
  },
};

function statusOf(given: string | undefined): ExecutionStatus | undefined {
  const status = ExecutionStatus.optional().safeParse(given);
  if (status.success) return status.data;
  throw new AppError("bad_request", `There is no status '${given}'.\n\n${usage.trimEnd()}`);
}

async function* conversations(client: Client, filter: ConversationSearch): AsyncGenerator<ConversationInfo> {
  let page: ConversationPage = await wholePage(client, filter);
  yield* page.items;
  while (page.next_page_id !== null) {
    page = await told(client.conversations.search({ ...filter, page_id: page.next_page_id }));
    yield* page.items;
  }
}

/** The first page, once the server has read every conversation. */
async function wholePage(client: Client, filter: ConversationSearch): Promise<ConversationPage> {
  for (;;) {
    const page = await told(client.conversations.search(filter));
    if ((page.incomplete ?? null) === null) return page;
    await after(lookEveryMs);
  }
}

function lineOf({ id, updated_at: changed, execution_status: status, title }: ConversationInfo): string {
  const when = `${changed.slice(0, 10)} ${changed.slice(11, 16)}`;
  return plain(`${id}  ${when}  ${status.padEnd(24)}  ${(title ?? "").replaceAll(/\s+/g, " ")}`).trimEnd();
}
