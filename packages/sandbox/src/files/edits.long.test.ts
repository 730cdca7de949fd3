/**
 * A thousand random edits of files of every encoding through the editor itself, in each engine, with its helper killed
 * at any moment of each tenth; after each edit the file is what a plain model says.
 */
import { plainText } from "@openhands/protocol";
import { contractSandbox } from "@openhands/testing";
import { expect, test } from "vitest";
import {
  below,
  bytesOf,
  editedUnits,
  type Kind,
  kinds,
  type Random,
  randomFile,
  randomFrom,
  randomText,
  shownOf,
  type Unit,
} from "../../test/random-files.ts";
import { realProviders } from "../../test/real-providers.ts";
import { createHelper } from "../helper/helper.ts";
import { createFileEditor } from "./create-file-editor.ts";
import { FileMemory } from "./file-memory.ts";
import { changedSpan, insertion, linesOf, occurrences } from "./find-edit.ts";
import { TextFile } from "./text-file.ts";

const { signal } = new AbortController();

const editsOfKind = 125;

test.each(Object.entries(realProviders))(
  "1,000 random edits on %s, every tenth killed",
  async (_, provider) => {
    const made = await contractSandbox(provider);
    const helper = createHelper(made.sandbox);
    const editor = createFileEditor(helper, (text) => text);
    const memory = new FileMemory();
    const killer = await made.sandbox.spawn(["sh"]);
    const folder = (await helper.pipe("pwd", "")).trim();
    try {
      let count = 0;
      for (const [name, kind] of Object.entries(kinds)) {
        let units: readonly Unit[] = [];
        let path = "";
        for (let seed = 0; seed < editsOfKind; seed += 1) {
          const random = randomFrom(seed);
          if (seed % 5 === 0 || TextFile.from(bytesOf(kind, units))?.text !== shownOf(units)) {
            units = randomFile(kind, random);
            path = `${folder}/${name} ${seed}`;
            await helper.writeFile(path, bytesOf(kind, units), { isNew: true, signal });
          }
          const { action, after } = randomEdit(kind, units, random);
          count += 1;
          if (count % 10 === 0) {
            const pid = (await helper.pipe("echo $PPID", "")).trim();
            killer.stdin.write(`sleep ${(random() * 0.02).toFixed(4)}; kill -9 ${pid}\n`);
          }
          const observation = await editor.run(
            { kind: "FileEditorAction", path, ...action },
            { signal, memory },
          );
          memory.push(observation);
          const what = `${name}, seed ${seed}: ${plainText(observation.content)}`;
          expect(observation.is_error, what).toBe(false);
          const read = await helper.readFile(path, 1_000_000, signal);
          expect(read.ok && read.bytes.equals(bytesOf(kind, after)), what).toBe(true);
          units = after;
        }
      }
      expect(count).toBe(1000);
      expect(await helper.pipe("ls -A | grep -c '^[.]openhands-'", "")).toBe("0\n");
    } finally {
      killer.stdin.end();
      await helper.close();
      await made.dispose();
    }
  },
);

type Edit =
  | { readonly command: "str_replace"; readonly old_str: string; readonly new_str: string }
  | { readonly command: "insert"; readonly insert_line: number; readonly new_str: string };

/** What the editor is asked for, and the file as it is after it. */
function randomEdit(
  kind: Kind,
  units: readonly Unit[],
  random: Random,
): { readonly action: Edit; readonly after: readonly Unit[] } {
  const shown = shownOf(units);
  const start = below(random, units.length + 1);
  const wanted = shownOf(units.slice(start, start + below(random, 12)));
  const typed = randomText(kind, random, 8);
  const found = wanted === "" || wanted === typed ? [] : occurrences(shown, wanted);
  if (found.length === 1) {
    const span = changedSpan(found[0] ?? 0, wanted, typed);
    const after = editedUnits(kind, units, { from: span.start, to: span.end, typed: span.replacement });
    return { action: { command: "str_replace", old_str: wanted, new_str: typed }, after };
  }
  const line = below(random, linesOf(shown).length + 1);
  const span = insertion(shown, line, typed) ?? { start: 0, end: 0, replacement: "" };
  const after = editedUnits(kind, units, { from: span.start, to: span.end, typed: span.replacement });
  return { action: { command: "insert", insert_line: line, new_str: typed }, after };
}
