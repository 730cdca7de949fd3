import { createFileEditor } from "./files/create-file-editor.ts";
import { createHelper } from "./helper/helper.ts";
import { startsAnything } from "./make-room.ts";
import { createPortsReader } from "./ports/listening-ports.ts";
import { createSearch } from "./search/create-search.ts";
import { type Sandbox, type SandboxEnd, SandboxError } from "./sandbox.ts";
import { createTerminal } from "./terminal/create-terminal.ts";
import type { SandboxTools, SandboxToolsOptions } from "./tools.ts";

/** Milliseconds in which nothing could be started in it; far more than an engine takes that has much to do. */
const uselessAfter = 60_000;

const useless: SandboxEnd = {
  reason: "Nothing could be started in the sandbox any more: its memory or its processes were used up.",
  exitCode: null,
  logTail: "",
};

/** Terminal, files and search of one sandbox. Nothing starts before its first use; one resident helper serves all. */
export function createSandboxTools(sandbox: Sandbox, options: SandboxToolsOptions): SandboxTools {
  const helper = createHelper(sandbox);
  const terminal = createTerminal(sandbox, helper, options);
  const files = createFileEditor(helper, options.redact);
  const search = createSearch(helper, options.redact);
  const lost = Promise.withResolvers<SandboxEnd>();

  /** Whatever fails in a sandbox that has ended, or in which nothing can be done, it is this that is to be told. */
  async function orItsEnd<Observation>(work: Promise<Observation>): Promise<Observation> {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof SandboxError)) throw error;
      const end = (await sandbox.check()) ?? ((await startsAnything(sandbox, uselessAfter)) ? null : useless);
      if (end === useless) lost.resolve(useless);
      throw end === null ? error : new SandboxError(end.reason, { ...end, cause: error });
    }
  }

  return {
    terminal: { ...terminal, run: (action, given) => orItsEnd(terminal.run(action, given)) },
    files: { run: (action, given) => orItsEnd(files.run(action, given)) },
    search: {
      grep: (action, given) => orItsEnd(search.grep(action, given)),
      glob: (action, given) => orItsEnd(search.glob(action, given)),
    },
    ports: createPortsReader(helper, sandbox.runtime),
    lost: lost.promise,
    async close() {
      await terminal.close();
      await helper.close();
    },
  };
}
