import { createFileEditor } from "./files/create-file-editor.ts";
import { createHelper } from "./helper/helper.ts";
import type { Sandbox } from "./sandbox.ts";
import { createTerminal } from "./terminal/create-terminal.ts";
import type { SandboxTools, SandboxToolsOptions } from "./tools.ts";

/** Terminal and files of one sandbox. Nothing starts before its first use; one resident helper serves both. */
export function createSandboxTools(sandbox: Sandbox, options: SandboxToolsOptions): SandboxTools {
  const helper = createHelper(sandbox);
  const terminal = createTerminal(sandbox, helper, options);
  const files = createFileEditor(helper);
  return {
    terminal,
    files,
    async close() {
      await terminal.close();
      await helper.close();
    },
  };
}
