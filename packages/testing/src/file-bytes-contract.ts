/** That an edit harms no byte beside it, whatever the file is and wherever it lies, on every kind of sandbox. */
import { describe, expect, test } from "vitest";
import { bytes, filesFixture } from "./files-fixture.ts";
import { type MakeProvider, sandboxWithout, toolsSession } from "./tools-session.ts";

export function fileBytesContract(name: string, makeProvider: MakeProvider): void {
  describe(`bytes of files on ${name}`, () => {
    const files = filesFixture(makeProvider);
    const { file, hex } = files;

    test("a file that is long, and edited all over, is what it should be", async () => {
      await files.session.finish("seq 100000 199999 > seq.txt; cp seq.txt expected.txt");
      const path = `${files.root}/seq.txt`;
      const steps = [
        ["100000", "first"],
        ["150000\n", ""],
        ["199999\n", "last"],
        ["first", "é".repeat(5000)],
      ] as const;
      for (const [old_str, new_str] of steps) {
        expect((await files.session.edit({ command: "str_replace", path, old_str, new_str })).is_error).toBe(
          false,
        );
      }
      await files.session.finish(
        `sed -i -e "1s/.*/$(printf 'é%.0s' $(seq 5000))/" -e /^150000$/d -e 's/^199999$/last/' expected.txt; truncate -s -1 expected.txt`,
      );
      expect(await files.session.output("cmp seq.txt expected.txt && echo same")).toBe("same");
      for (const _step of steps) {
        expect((await files.session.edit({ command: "undo_edit", path })).is_error).toBe(false);
      }
      expect(await files.session.output("seq 100000 199999 | cmp - seq.txt && echo same")).toBe("same");
    });

    test("works where the image can't tell a checksum", async () => {
      const path = await file("one\\ntwo\\n", "755");
      await using bare = toolsSession(await sandboxWithout("cksum", files.sandbox, files.session));
      for (const step of [1, 2, 3]) {
        const [old_str, new_str] = [step === 1 ? "two" : String(step - 1), String(step)];
        const edited = await bare.edit({ command: "str_replace", path, old_str, new_str });
        expect(edited.is_error).toBe(false);
      }
      expect(await files.session.output(`cat "${path}"; [ -x "${path}" ] && echo runs`)).toBe("one\n3\nruns");
    });

    describe("an edit keeps every byte beside it", () => {
      const replace = (path: string, old_str: string, new_str: string) =>
        files.session.edit({ command: "str_replace", path, old_str, new_str });

      test.each([
        ["CRLF line ends", "a\\r\\nb\\r\\nc\\r\\n", "a\nb\n", "a\nB\nB\n", bytes("a\r\nB\r\nB\r\nc\r\n")],
        ["mixed line ends", "a\\r\\nb\\nc\\r\\nd\\n", "b\nc\nd", "b\nX\nd", bytes("a\r\nb\nX\r\nd\n")],
        ["tabs and trailing blanks", "\\ta \\n\\t\\tb\\t\\n", "b", "c", bytes("\ta \n\t\tc\t\n")],
        ["a byte order mark", "\\0357\\0273\\0277é=1\\n", "é=1", "é=2", bytes([0xef, 0xbb, 0xbf], "é=2\n")],
        ["latin-1", "caf\\0351 \\0344\\n", "café", "thé", bytes("th", [0xe9, 0x20, 0xe4, 0x0a])],
        [
          "GBK",
          "\\0304\\0343\\0272\\0303=1\\r\\n",
          "好=1",
          "世=2",
          bytes([0xc4, 0xe3, 0xca, 0xc0], "=2\r\n"),
        ],
        [
          "windows-1251",
          "\\0357\\0360\\0350\\0342\\0345\\0362 x\\n",
          "привет x",
          "привет y",
          bytes([0xef, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2], " y\n"),
        ],
        ["a stray byte in UTF-8", "é漢\\n\\0377\\nx\\n", "x", "ü", bytes("é漢\n", [0xff], "\nü\n")],
        [
          "UTF-16",
          "\\0377\\0376a\\0000\\0015\\0000\\0012\\0000b\\0000",
          "a\nb",
          "a\né",
          bytes([0xff, 0xfe, 0x61, 0, 13, 0, 10, 0, 0xe9, 0]),
        ],
        ["no line end at the end", "a\\nb", "a", "x", bytes("x\nb")],
      ])("%s", async (_what, content, ...[old_str, new_str, expected]) => {
        const path = await file(content);
        expect((await replace(path, old_str, new_str)).is_error).toBe(false);
        expect(await hex(path)).toBe(expected);
        await files.session.edit({ command: "undo_edit", path });
        const before = await file(content);
        expect(await hex(path)).toBe(await hex(before));
      });

      test("a character that the file's encoding lacks is refused", async () => {
        const path = await file("caf\\0351\\n");
        expect((await replace(path, "caf", "漢")).is_error).toBe(true);
        expect(await hex(path)).toBe(bytes("caf", [0xe9, 0x0a]));
      });

      test("its mode, and the symbolic link to it", async () => {
        const path = await file("#!/bin/sh\\necho 1\\n", "755");
        await files.session.run(`ln -s "${path}" "${files.root}/link"`);
        expect((await replace(`${files.root}/link`, "echo 1", "echo 2")).is_error).toBe(false);
        expect(await files.session.output(`"${path}"; [ -L link ] && echo still a link`)).toBe(
          "2\nstill a link",
        );
        expect(await files.session.output("ls -A | grep -c '^.openhands-'")).toBe("0");
      });

      test("its set-id bits, which the kernel takes from what is written to", async () => {
        const path = await file("one\\n", "6755");
        expect((await replace(path, "one", "two")).is_error).toBe(false);
        expect(await files.session.output(`cat "${path}"; stat -c %a "${path}"`)).toBe("two\n6755");
        // with a second name it is written to in its place
        await files.session.run(`ln "${path}" "${files.root}/second"`);
        expect((await replace(path, "two", "three")).is_error).toBe(false);
        expect(await files.session.output(`cat second; stat -c %a second`)).toBe("three\n6755");
      });

      test("its other names, and a folder that takes no file", async () => {
        const path = await file("one\\n");
        await files.session.run(`ln "${path}" "${files.root}/second name"`);
        expect((await replace(path, "one", "two")).is_error).toBe(false);
        expect(
          await files.session.output(`cat "second name"; [ "${path}" -ef "second name" ] && echo one`),
        ).toBe("two\none");
        expect(await files.session.output("ls -A | grep -c '^.openhands-'")).toBe("0");
      });
    });
  });
}
