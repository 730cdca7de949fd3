import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AppError } from "@openhands/protocol";
import { conversationArgument } from "../conversation-argument.ts";
import { leave } from "../output.ts";
import { reachServer } from "../reach-server.ts";
import { readFlags } from "../read-flags.ts";
import { told } from "../running-server.ts";
import type { Command } from "./command.ts";

const usage = `openhands export ID [-o FILE]

A zip archive of a conversation, redacted; to conversation-ID.zip here, to FILE, or with -o - to stdout.
`;

const options = { output: { type: "string", short: "o" } } as const;

export const exportCommand: Command = {
  name: "export",
  summary: "write a conversation to a zip archive: export ID (-o FILE)",
  usage,
  run: async (args, environment) => {
    const { values, positionals } = readFlags(args, options, usage);
    const id = conversationArgument(positionals, usage.trimEnd());
    const path = values.output ?? `conversation-${id}.zip`;
    await using server = await reachServer(environment, { reconcileAfter: null });
    const archive = Readable.fromWeb(await told(server.client.conversations.export(id)));
    if (path === "-") await pipeline(archive, process.stdout, { end: false }).catch(leave);
    else await writeWhole(archive, path);
  },
};

/** Under another name until it is whole. @throws AppError `unavailable` */
async function writeWhole(archive: Readable, path: string): Promise<void> {
  const part = `${path}.part`;
  try {
    await pipeline(archive, createWriteStream(part, { mode: 0o600 }));
    await rename(part, path);
  } catch (cause) {
    await rm(part, { force: true });
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AppError("unavailable", `${path} can't be written: ${why}`, { cause });
  }
  process.stderr.write(`${path}\n`);
}
