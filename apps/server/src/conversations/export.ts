/** A conversation as an archive, redacted: its part of the home always, its workspace where a sandbox can be had. */
import { AppError, type ConversationId } from "@openhands/protocol";
import { archive, type ArchiveEntry, SandboxError } from "@openhands/sandbox";
import { redactedBytes, zip, type ZipEntry } from "@openhands/store";
import { borrowSandbox, whileBorrowed } from "./borrow-sandbox.ts";
import type { Dependencies } from "./dependencies.ts";
import { openConversation } from "./open.ts";
import type { Session } from "./session.ts";
import { whileInUse } from "./while-in-use.ts";

/** A zip archive, made while it is read. @throws AppError `not_found` */
export async function exportConversation(
  deps: Dependencies,
  id: ConversationId,
): Promise<AsyncIterable<Uint8Array>> {
  const session = await openConversation(deps, id);
  return zip(whileInUse(session, entriesOf(deps, session)));
}

async function* entriesOf(deps: Dependencies, session: Session): AsyncGenerator<ZipEntry> {
  yield* deps.store.export(session.log, session.metadata);
  const workspace = await workspaceOf(session);
  if (typeof workspace === "string") {
    yield { name: "workspace-missing.txt", content: [`${workspace}\n`] };
    return;
  }
  for await (const { name, mode, content } of workspace) {
    const path = deps.redactor.text(`workspace/${name}`);
    yield { name: path, mode, content: redactedBytes(content, deps.redactor) };
  }
}

/** What lies in it, by way of its sandbox; a sentence where that can't be had. */
async function workspaceOf(session: Session): Promise<AsyncIterable<ArchiveEntry> | string> {
  try {
    const borrowed = await borrowSandbox(session);
    try {
      return whileBorrowed(borrowed, await archive(borrowed.sandbox, ""));
    } catch (error) {
      borrowed[Symbol.dispose]();
      throw error;
    }
  } catch (error) {
    if (error instanceof SandboxError || error instanceof AppError) return error.message;
    throw error;
  }
}
