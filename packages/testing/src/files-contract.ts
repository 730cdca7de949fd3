/** How the agent's file editor behaves on every kind of sandbox: what it takes, and what it says that it did. */
import { describe, expect, test } from "vitest";
import { FileMemory } from "@openhands/sandbox";
import { bytes, filesFixture } from "./files-fixture.ts";
import { type MakeProvider, textOf, toolsSession } from "./tools-session.ts";

/** A red dot. */
const tinyPng =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";

export function filesContract(name: string, makeProvider: MakeProvider): void {
  describe(`files on ${name}`, () => {
    const files = filesFixture(makeProvider);
    const { file, hex } = files;

    describe("view", () => {
      test("numbers the lines as cat -n does", async () => {
        const path = await file("one\\n\\ttwo\\nthree");
        const observation = await files.session.edit({ command: "view", path });
        expect(observation).toMatchObject({ is_error: false, command: "view", path, prev_exist: true });
        expect(textOf(observation)).toBe(
          `Here's the result of running \`cat -n\` on ${path}:\n     1\tone\n     2\t\ttwo\n     3\tthree`,
        );
      });

      test.each([
        [
          [2, 3],
          ["     2\tb", "     3\tc"],
        ],
        [
          [3, -1],
          ["     3\tc", "     4\td"],
        ],
        [
          [4, 9],
          ["     4\td", "NOTE: We only show up to 4 since there's only 4 lines in this file."],
        ],
      ])("of the lines %j", async (view_range, expected) => {
        const path = await file("a\\nb\\nc\\nd\\n");
        const lines = textOf(await files.session.edit({ command: "view", path, view_range })).split("\n");
        expect(lines.slice(1)).toEqual(expected);
      });

      test.each([[[0, 2]], [[5, 6]], [[3, 2]], [[1]], [[1, 2, 3]]])(
        "refuses the lines %j",
        async (view_range) => {
          const path = await file("a\\nb\\nc\\nd\\n");
          const observation = await files.session.edit({ command: "view", path, view_range });
          expect(observation.is_error).toBe(true);
          expect(textOf(observation)).toMatch(/^Invalid `view_range` parameter/);
        },
      );

      test("shows a folder two levels deep and counts what is hidden", async () => {
        const path = `${files.root}/tree`;
        await files.session.run(
          `mkdir -p tree/a/b/c tree/.git "tree/with space"; touch tree/x.txt tree/a/y.txt tree/a/b/z.txt tree/.env`,
        );
        const shown = textOf(await files.session.edit({ command: "view", path })).split("\n");
        expect(shown.slice(1, 7)).toEqual([
          `${path}/`,
          `${path}/a/`,
          `${path}/a/b/`,
          `${path}/a/y.txt`,
          `${path}/with space/`,
          `${path}/x.txt`,
        ]);
        expect(shown.at(-1)).toMatch(/^2 hidden files\/directories in this directory are excluded/);
        expect((await files.session.edit({ command: "view", path, view_range: [1, 2] })).is_error).toBe(true);
      });

      test("of a long file is clipped and says so", async () => {
        await files.session.run("seq 1 16000 > long.txt");
        const shown = textOf(await files.session.edit({ command: "view", path: `${files.root}/long.txt` }));
        expect(shown.length).toBeLessThan(31_000);
        expect(shown).toContain("Due to the max output limit, only part of this file has been shown to you.");
      });

      test("gives an image as a data URL", async () => {
        await files.session.run(`echo ${tinyPng} | base64 -d > dot.png`);
        const observation = await files.session.edit({ command: "view", path: `${files.root}/dot.png` });
        expect(observation.is_error).toBe(false);
        expect(observation.content).toContainEqual({
          type: "image",
          image_urls: [`data:image/png;base64,${tinyPng}`],
        });
      });
    });

    test("an image that no model would take is refused with its size", async () => {
      await files.session.run(`(echo ${tinyPng} | base64 -d; head -c 4000000 /dev/zero) > large.png`);
      const observation = await files.session.edit({ command: "view", path: `${files.root}/large.png` });
      expect(observation.is_error).toBe(true);
      expect(textOf(observation)).toMatch(/too large to be looked at \(3\.81 MB; at most 3\.75 MB\)/);
    });

    describe("paths", () => {
      test("must be absolute, and the right one is guessed", async () => {
        await files.session.run("touch here.txt");
        const guessed = await files.session.edit({ command: "view", path: "here.txt" });
        expect(guessed.is_error).toBe(true);
        expect(textOf(guessed)).toMatch(
          /^Invalid `path` parameter: here\.txt\. The path should be an absolute path, starting with `\/`\./,
        );
        expect(textOf(guessed)).toContain(`Maybe you meant ${files.root}/here.txt?`);
        expect(textOf(await files.session.edit({ command: "view", path: "nowhere.txt" }))).not.toContain(
          "Maybe",
        );
      });

      test("must exist, and be files to be edited", async () => {
        const missing = await files.session.edit({
          command: "str_replace",
          path: `${files.root}/none`,
          old_str: "a",
          new_str: "b",
        });
        expect(textOf(missing)).toMatch(/^Invalid `path` parameter: .*does not exist/);
        for (const command of ["str_replace", "insert", "create", "undo_edit"] as const) {
          const fields = { old_str: "a", new_str: "b", insert_line: 0, file_text: "" };
          const observation = await files.session.edit({ command, path: files.root, ...fields });
          expect(observation.is_error).toBe(true);
          expect(textOf(observation)).toMatch(/^Invalid `path` parameter/);
        }
      });

      test("that no file can have are refused", async () => {
        const path = `${files.root}/no\0name`;
        for (const command of ["create", "view"] as const) {
          const observation = await files.session.edit({ command, path, file_text: "text" });
          expect(observation.is_error).toBe(true);
          expect(textOf(observation)).toMatch(/^Invalid `path` parameter: [^]*NUL/);
        }
        expect(await files.session.output("ls noname 2>/dev/null; true")).toBe("");
      });

      test("of devices, large files and binaries are refused with the reason", async () => {
        await files.session.run(
          "head -c 11000000 /dev/zero | tr '\\0' a > large.txt; printf 'a\\0\\001\\002b' > some.bin",
        );
        for (const command of ["str_replace", "view", "insert", "undo_edit"] as const) {
          const refusal = async (path: string): Promise<string> => {
            const fields = command === "view" ? {} : { old_str: "a", new_str: "b", insert_line: 0 };
            const observation = await files.session.edit({ command, path, ...fields });
            expect(observation.is_error).toBe(true);
            return textOf(observation);
          };
          expect(await refusal("/dev/null")).toMatch(/device/);
          expect(await refusal(`${files.root}/large.txt`)).toMatch(/too large \(10\.49 MB; at most 10 MB\)/);
          expect(await refusal(`${files.root}/some.bin`)).toMatch(/binary/);
        }
        expect(await files.session.output("wc -c < large.txt | tr -d ' '")).toBe("11000000");
      });

      test("of a file that tells no size and has no end is refused", async () => {
        const observation = await files.session.edit({ command: "view", path: "/proc/self/pagemap" });
        expect(observation.is_error).toBe(true);
        expect(textOf(observation)).toMatch(/too large/);
      });
    });

    describe("create", () => {
      test("says why where a folder takes no file", async () => {
        const path = "/proc/no-such-file";
        const observation = await files.session.edit({ command: "create", path, file_text: "text" });
        expect(observation.is_error).toBe(true);
        expect(textOf(observation)).toMatch(/writing failed: .*\/proc/);
      });

      test("writes the text as it is, with the folders above it", async () => {
        const path = `${files.root}/new/deep/ünïcode $HOME \`x\`.txt`;
        const file_text = "a'b\"c\\n\n\ttab \\0101 é 漢 😀\r\nno end";
        const observation = await files.session.edit({ command: "create", path, file_text });
        expect(observation).toMatchObject({ is_error: false, prev_exist: false, new_content: file_text });
        expect(textOf(observation)).toBe(`File created successfully at: ${path}`);
        expect(await files.session.output(`od -An -v -tx1 new/deep/* | tr -d ' \\n'`)).toBe(bytes(file_text));
      });

      test("of a megabyte arrives whole", async () => {
        const file_text = "0123456789abcdé\n".repeat(65_536);
        await files.session.edit({ command: "create", path: `${files.root}/mega.txt`, file_text });
        expect(await files.session.output("wc -c < mega.txt | tr -d ' '")).toBe(
          String(Buffer.byteLength(file_text)),
        );
        const edited = await files.session.edit({
          command: "insert",
          path: `${files.root}/mega.txt`,
          insert_line: 65_536,
          new_str: "end",
        });
        expect(edited.is_error).toBe(false);
        expect(await files.session.output("tail -n 2 mega.txt")).toBe("0123456789abcdé\nend");
      });

      test("replaces nothing and needs its text", async () => {
        const path = await file("kept");
        const existing = await files.session.edit({ command: "create", path, file_text: "other" });
        expect(existing.is_error).toBe(true);
        expect(textOf(existing)).toBe(
          `Invalid \`path\` parameter: File already exists at: ${path}. Cannot overwrite files using command \`create\`.`,
        );
        expect(await hex(path)).toBe(bytes("kept"));
        expect(textOf(await files.session.edit({ command: "create", path: `${files.root}/no-text` }))).toBe(
          "Parameter `file_text` is required for command: create.",
        );
      });
    });

    describe("str_replace", () => {
      test("replaces the one match and shows it", async () => {
        const path = await file("one\\ntwo\\nthree\\n");
        const observation = await files.session.edit({
          command: "str_replace",
          path,
          old_str: "two",
          new_str: "2\n2",
        });
        expect(observation).toMatchObject({
          is_error: false,
          old_content: "one\ntwo\nthree\n",
          new_content: "one\n2\n2\nthree\n",
        });
        expect(textOf(observation)).toMatch(/^The file .* has been edited\./);
        expect(textOf(observation)).toContain("     1\tone\n     2\t2\n     3\t2\n     4\tthree");
        expect(textOf(observation)).toContain("Review the changes");
        expect(await hex(path)).toBe(bytes("one\n2\n2\nthree\n"));
      });

      test("deletes where there is no new text, or an empty one", async () => {
        const path = await file("one two three");
        await files.session.edit({ command: "str_replace", path, old_str: " two" });
        await files.session.edit({ command: "str_replace", path, old_str: "one ", new_str: "" });
        expect(await hex(path)).toBe(bytes("three"));
        await files.session.edit({ command: "str_replace", path, old_str: "three", new_str: "" });
        expect(await hex(path)).toBe("");
      });

      test.each([
        ["absent", "none", "b", /^No replacement was performed, old_str `none` did not appear verbatim in /],
        [
          "twice",
          "a",
          "b",
          /Multiple occurrences of old_str `a` in lines \[1, 3\]\. Please ensure it is unique\./,
        ],
        ["twice over lines", "x\ny", "b", /in lines \[1, 3\]/],
        ["empty", "", "b", /in lines \[1, 2, 3, 4, 5\]/],
        ["the same", "a x", "a x", /`new_str` and `old_str` must be different\./],
      ])("leaves the file alone where it is %s", async (_what, old_str, new_str, expected) => {
        const path = await file("a x\\ny\\na x\\ny\\n");
        const observation = await files.session.edit({ command: "str_replace", path, old_str, new_str });
        expect(observation.is_error).toBe(true);
        expect(textOf(observation)).toMatch(expected);
        expect(await hex(path)).toBe(bytes("a x\ny\na x\ny\n"));
      });

      test("needs its text", async () => {
        const path = await file("a");
        expect(textOf(await files.session.edit({ command: "str_replace", path }))).toBe(
          "Parameter `old_str` is required for command: str_replace.",
        );
      });
    });

    describe("insert", () => {
      test.each([
        [0, "new\na\nb\n"],
        [1, "a\nnew\nb\n"],
        [2, "a\nb\nnew\n"],
      ])("after line %i", async (insert_line, expected) => {
        const path = await file("a\\nb\\n");
        const observation = await files.session.edit({
          command: "insert",
          path,
          insert_line,
          new_str: "new",
        });
        expect(observation.is_error).toBe(false);
        expect(await hex(path)).toBe(bytes(expected));
      });

      test("after a last line without end, and a blank line", async () => {
        const path = await file("a\\nb");
        await files.session.edit({ command: "insert", path, insert_line: 2, new_str: "c" });
        await files.session.edit({ command: "insert", path, insert_line: 1, new_str: "" });
        expect(await hex(path)).toBe(bytes("a\n\nb\nc\n"));
      });

      test("refuses lines that are not there and missing arguments", async () => {
        const path = await file("a\\nb\\n");
        const beyond = await files.session.edit({ command: "insert", path, insert_line: 3, new_str: "x" });
        expect(textOf(beyond)).toMatch(/^Invalid `insert_line` parameter: 3\. .*allowed values: \[0, 2\]/);
        expect(
          (await files.session.edit({ command: "insert", path, insert_line: -1, new_str: "x" })).is_error,
        ).toBe(true);
        expect(textOf(await files.session.edit({ command: "insert", path, new_str: "x" }))).toMatch(
          /insert_line.*required/,
        );
        expect(textOf(await files.session.edit({ command: "insert", path, insert_line: 0 }))).toMatch(
          /new_str.*required/,
        );
        expect(await hex(path)).toBe(bytes("a\nb\n"));
      });
    });

    describe("undo_edit", () => {
      test("takes edits back one by one", async () => {
        const path = await file("0\\n");
        for (const step of [1, 2, 3]) {
          await files.session.edit({
            command: "str_replace",
            path,
            old_str: String(step - 1),
            new_str: String(step),
          });
        }
        for (const step of [2, 1, 0]) {
          const undone = await files.session.edit({ command: "undo_edit", path });
          expect(textOf(undone)).toMatch(/^Last edit to .* undone successfully\./);
          expect(await hex(path)).toBe(bytes(`${step}\n`));
        }
        const none = await files.session.edit({ command: "undo_edit", path });
        expect(none.is_error).toBe(true);
        expect(textOf(none)).toBe(`No edit history found for ${path}.`);
      });

      test("loses nobody else's change", async () => {
        const path = await file("0\\n");
        await files.session.edit({ command: "str_replace", path, old_str: "0", new_str: "1" });
        await files.session.run(`echo more >> "${path}"`);
        expect((await files.session.edit({ command: "undo_edit", path })).is_error).toBe(true);
        expect(await hex(path)).toBe(bytes("1\nmore\n"));
      });
    });

    describe("what was known of a file", () => {
      test("is kept over a restart: undo goes on from the log, in order", async () => {
        const path = await file("0\\n");
        const memory = new FileMemory();
        for (const step of [1, 2, 3]) {
          await using before = toolsSession(files.sandbox, { memory });
          await before.edit({ command: "str_replace", path, old_str: String(step - 1), new_str: `${step}` });
        }
        await using after = toolsSession(files.sandbox, { memory });
        for (const step of [2, 1, 0]) {
          expect((await after.edit({ command: "undo_edit", path })).is_error).toBe(false);
          expect(await hex(path)).toBe(bytes(`${step}\n`));
        }
        expect(textOf(await after.edit({ command: "undo_edit", path }))).toMatch(/^No edit history found/);
      });

      test("is told to be old where something else has changed it", async () => {
        const path = await file("one\\ntwo\\n");
        await files.session.edit({ command: "view", path });
        await files.session.run(`echo three >> "${path}"`);
        const edited = await files.session.edit({
          command: "str_replace",
          path,
          old_str: "one",
          new_str: "1",
        });
        expect(edited.is_error).toBe(false);
        expect(textOf(edited)).toContain("was changed by something else");
        expect(await hex(path)).toBe(bytes("1\ntwo\nthree\n"));
        const again = await files.session.edit({ command: "insert", path, insert_line: 0, new_str: "0" });
        expect(textOf(again)).not.toContain("was changed by something else");
        await files.session.run(`rm "${path}"; echo other > "${path}"`);
        const gone = await files.session.edit({ command: "str_replace", path, old_str: "two", new_str: "2" });
        expect(textOf(gone)).toMatch(/did not appear verbatim.*was changed by something else/s);
      });
    });

    test("an edit sees what something else has made of a file that was edited before", async () => {
      const path = await file("a=1\\nb=1\\n");
      const replace = (old_str: string, new_str: string) =>
        files.session.edit({ command: "str_replace", path, old_str, new_str });
      await replace("a=1", "a=2");
      // as long as before, and as old
      await files.session.run(
        `touch -r "${path}" old; printf 'a=3\\nb=1\\n' > "${path}"; touch -r old "${path}"`,
      );
      expect(textOf(await replace("a=2", "a=4"))).toMatch(
        /did not appear verbatim.*changed by something else/s,
      );
      expect(await hex(path)).toBe(bytes("a=3\nb=1\n"));
      expect(textOf(await replace("b=1", "b=2"))).toContain("a=3");
      await files.session.run(`rm "${path}"`);
      expect(textOf(await replace("b=2", "b=3"))).toMatch(/does not exist/);
    });

    test.each([
      ["create", { file_text: "KEY=<secret-hidden>\n" }],
      ["str_replace", { old_str: "KEY=value", new_str: "KEY=<secret-hidden>" }],
      ["str_replace", { old_str: "<secret-hidden>", new_str: "" }],
      ["insert", { insert_line: 0, new_str: "KEY=<secret-hidden>" }],
    ] as const)("%s refuses text that stands for a secret", async (command, fields) => {
      const path = command === "create" ? `${files.root}/never.env` : await file("KEY=value\\n");
      const observation = await files.session.edit({ command, path, ...fields });
      expect(observation.is_error).toBe(true);
      expect(textOf(observation)).toContain("stands for a secret");
      const expected = command === "create" ? "" : bytes("KEY=value\n");
      expect(await files.session.output(`cat "${path}" 2>/dev/null | od -An -v -tx1 | tr -d ' \\n'`)).toBe(
        expected,
      );
    });
  });
}
