import { AppError, type ConversationId } from "@openhands/protocol";
import type { ShellStateKeeper } from "@openhands/sandbox";
import type { Dependencies } from "./dependencies.ts";

/** Where a conversation's shell is kept beyond its life. What fails costs no command: it is logged, and nothing is kept. */
export function shellStateKeeper({ store, logger }: Dependencies, id: ConversationId): ShellStateKeeper {
  const document = store.shellState(id);
  async function orNull<Result>(work: Promise<Result>): Promise<Result | null> {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      logger.error({ err: error, conversation: id }, "the state of a shell could not be kept");
      return null;
    }
  }
  return {
    load: async () => await orNull(document.load()),
    save: async (state) => void (await orNull(document.save(state))),
  };
}
