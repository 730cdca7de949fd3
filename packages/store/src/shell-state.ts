/** What of a conversation's shell outlives it: a document beside the log, without the variables that hold a secret. */
import * as z from "zod";
import { parseJson, readDocument, writeDocument } from "./documents.ts";
import type { Redactor, ShellStateDocument } from "./store.ts";

const Document = z.object({ directory: z.string(), variables: z.record(z.string(), z.string()) });

export function createShellStateDocument(path: string, redactor: Redactor): ShellStateDocument {
  const isOpen = (text: string): boolean => redactor.text(text) === text;
  return {
    async load() {
      return Document.safeParse(parseJson((await readDocument(path)) ?? "")).data ?? null;
    },
    async save({ directory, variables }) {
      const open = Object.entries(variables).filter(([name, value]) => isOpen(name) && isOpen(value));
      const document = { directory: redactor.text(directory), variables: Object.fromEntries(open) };
      await writeDocument(path, `${JSON.stringify(document, null, 2)}\n`);
    },
  };
}
