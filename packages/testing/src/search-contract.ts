/** How the agent's `grep` and `glob` behave on every kind of sandbox, with ripgrep there and without it. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSandboxTools, type SandboxTools } from "@openhands/sandbox";
import {
  type ContractSandbox,
  contractSandbox,
  type MakeProvider,
  sandboxWithout,
  textOf,
  type ToolsSession,
  toolsSession,
} from "./tools-session.ts";

export function searchContract(name: string, makeProvider: MakeProvider): void {
  describe.each([
    ["as it is", true],
    ["without ripgrep", false],
  ])(`search on ${name}, %s`, (_, asItIs) => {
    let shared: ContractSandbox;
    let session: ToolsSession;
    let tools: SandboxTools;
    let root: string;
    const { signal } = new AbortController();
    const grep = (action: { pattern: string; path?: string; include?: string }) =>
      tools.search.grep({ kind: "GrepAction", ...action }, { signal });
    const glob = (action: { pattern: string; path?: string }) =>
      tools.search.glob({ kind: "GlobAction", ...action }, { signal });

    beforeAll(async () => {
      shared = await contractSandbox(makeProvider);
      session = toolsSession(shared.sandbox);
      root = await session.output("pwd");
      tools = asItIs
        ? session.tools
        : createSandboxTools(await sandboxWithout("rg", shared.sandbox, session), {
            redact: (text) => text,
            noChangeSeconds: 20,
          });
      await session.finish(
        `mkdir -p src/deep node_modules/x .git .github && printf 'one\\nlog an Error here\\n' > src/a.ts && printf 'log: Error 42\\r\\n' > "src/deep/b c.tsx" && echo 'log Error' | tee node_modules/x/i.ts .git/c .github/w.yml > notes.md && printf 'log Error\\0\\001\\n' > data.bin && seq 1 1000 > many.txt`,
      );
    });
    afterAll(async () => {
      if (!asItIs) await tools?.close();
      await session?.[Symbol.asyncDispose]();
      await shared?.dispose();
    });

    test("grep finds lines with their numbers, in the files that are the project's", async () => {
      const found = await grep({ pattern: "log.*Error" });
      expect(found).toMatchObject({ is_error: false, truncated: false, line_count: 4, search_path: root });
      expect(found.matches.toSorted()).toEqual(
        [
          `${root}/.github/w.yml`,
          `${root}/notes.md`,
          `${root}/src/a.ts`,
          `${root}/src/deep/b c.tsx`,
        ].toSorted(),
      );
      expect(textOf(found)).toContain(`${root}/src/a.ts\n     2\tlog an Error here`);
      expect(textOf(found)).toMatch(/^Found 4 line\(s\) in 4 file\(s\) containing pattern 'log.\*Error'/);
    });

    test.each([
      [{ pattern: "Error", include: "*.{ts,tsx}" }, ["src/a.ts", "src/deep/b c.tsx"]],
      [{ pattern: "Error", include: "src/*.ts" }, ["src/a.ts"]],
      [{ pattern: "Error", path: "src/deep" }, ["src/deep/b c.tsx"]],
      [{ pattern: "Error", path: "src/a.ts" }, ["src/a.ts"]],
      [{ pattern: "^one$" }, ["src/a.ts"]],
      [{ pattern: '(Error [0-9]+|nothing\'s "this" $HOME)' }, ["src/deep/b c.tsx"]],
    ])("grep %j", async (action, files) => {
      const given = "path" in action ? { ...action, path: `${root}/${action.path}` } : action;
      const found = await grep(given);
      expect(found.matches).toEqual(files.map((file) => `${root}/${file}`));
    });

    test("grep says that it found nothing, that a folder is missing, that a pattern is none", async () => {
      const none = await grep({ pattern: "no such text", include: "*.ts" });
      expect(none.is_error).toBe(false);
      expect(textOf(none)).toBe(
        `No files found containing pattern 'no such text' in directory '${root}' (filtered by '*.ts')`,
      );
      const missing = await grep({ pattern: "x", path: `${root}/missing` });
      expect(missing.is_error).toBe(true);
      expect(textOf(missing)).toMatch(/^Invalid `path` parameter: .*missing/);
      const wrong = await grep({ pattern: "a(b" });
      expect(wrong.is_error).toBe(true);
      expect(textOf(wrong)).toMatch(/^The search failed.*(parenthes|unclosed|unmatched)/is);
    });

    test("grep clips long results and says so", async () => {
      const found = await grep({ pattern: "[0-9]", path: `${root}/many.txt` });
      expect(found).toMatchObject({ truncated: true, line_count: 200 });
      expect(textOf(found)).toContain("[Results truncated to first 200 lines.");
    });

    test.each([
      ["*.ts", ["src/a.ts"]],
      ["**/*.{ts,tsx}", ["src/a.ts", "src/deep/b c.tsx"]],
      ["src/*", ["src/a.ts"]],
      [".github/*", [".github/w.yml"]],
      ["*.nothing", []],
    ])("glob %s", async (pattern, files) => {
      const found = await glob({ pattern });
      expect(found).toMatchObject({ is_error: false, truncated: false, search_path: root });
      expect(found.files).toEqual(files.map((file) => `${root}/${file}`));
      expect(textOf(found)).toContain(
        files.length === 0 ? "No files found matching pattern" : `Found ${files.length} file(s) matching`,
      );
    });

    test("glob takes a folder, in the path or in the pattern, and says when there is none", async () => {
      const tsx = [`${root}/src/deep/b c.tsx`];
      expect((await glob({ pattern: "*.tsx", path: `${root}/src` })).files).toEqual(tsx);
      expect((await glob({ pattern: `${root}/src/**/*.tsx` })).files).toEqual(tsx);
      expect((await glob({ pattern: "*", path: `${root}/missing` })).is_error).toBe(true);
    });

    test("glob clips long results and says so", async () => {
      await session.finish("mkdir -p lots && cd lots && touch $(seq 1000 1150) && cd ..");
      const found = await glob({ pattern: "lots/*" });
      expect(found.files).toHaveLength(100);
      expect(found.truncated).toBe(true);
      expect(textOf(found)).toContain("[Results truncated to first 100 files.");
    });

    describe("of what someone has laid in its way", () => {
      beforeAll(async () => {
        await session.finish(
          `mkdir -p "odd/$(printf 'fold\ner')" odd/-e && cd odd && for name in "$(printf 'new\nline:3:x.txt')" a:12:b.txt -rf "$(printf 'bell\\a')" "fold
er/in" -e/x '*' "it's"; do echo "a needle in $name" > "./$name"; done; cd ..`,
        );
      });

      test("names with line ends, colons and dashes are each one name, on one line", async () => {
        const names = [
          "*",
          "-e/x",
          "-rf",
          "a:12:b.txt",
          "bell\x07",
          "fold\ner/in",
          "it's",
          "new\nline:3:x.txt",
        ];
        const paths = names.map((file) => `${root}/odd/${file}`);
        const grepped = await grep({ pattern: "needle", path: `${root}/odd` });
        expect(grepped.matches.toSorted()).toEqual(paths.toSorted());
        expect(textOf(grepped).split("\n")).toHaveLength(1 + 2 * names.length);
        const globbed = await glob({ pattern: "odd/**" });
        expect(globbed.files.toSorted()).toEqual(paths.toSorted());
        expect(textOf(globbed)).toContain(String.raw`new\nline:3:x.txt`);
        const inside = await grep({ pattern: "needle", path: `${root}/odd/fold\ner` });
        expect(inside).toMatchObject({ search_path: `${root}/odd/fold\ner`, line_count: 1 });
      });

      test.each(["$(touch hit)", "'; touch hit; '", "-e", "--help", "`touch hit`", "a\nb", "\\", "*", "-"])(
        "%j as pattern, filter and path runs nothing",
        async (given) => {
          for (const action of [
            { pattern: given },
            { pattern: "x", include: given },
            { pattern: "x", path: given },
          ]) {
            expect((await grep(action)).kind).toBe("GrepObservation");
          }
          expect((await glob({ pattern: given })).is_error).toBe(false);
          expect((await glob({ pattern: "*", path: given })).files).toEqual([]);
          expect(await session.output("ls -d hit odd/hit 2>/dev/null | wc -l | tr -d ' '")).toBe("0");
        },
      );

      test("patterns without end are refused, and those that match in many ways take no time", async () => {
        expect(textOf(await grep({ pattern: "x".repeat(10_000) }))).toMatch(/more than 8192 characters/);
        expect(textOf(await glob({ pattern: "x".repeat(10_000) }))).toMatch(/more than 8192 characters/);
        await session.finish(`touch "odd/$(printf 'a%.0s' $(seq 200))"`);
        expect((await glob({ pattern: `${"*a".repeat(30)}b` })).files).toEqual([]);
        expect((await glob({ pattern: "[z-a]*" })).files).toEqual([]);
      });

      test("a line without end is clipped", async () => {
        await session.finish("(printf needle; head -c 80000000 /dev/zero | tr '\\0' x; echo) > endless.txt");
        const found = await grep({ pattern: "needlex", path: `${root}/endless.txt` });
        expect(found).toMatchObject({ is_error: false, line_count: 1 });
        expect(textOf(found).length).toBeLessThan(1000);
        await session.run("rm endless.txt");
      });

      test("a binary file that is named is no failure", async () => {
        const found = await grep({ pattern: "Error", path: `${root}/data.bin` });
        expect(found).toMatchObject({ is_error: false, line_count: 0 });
      });

      test("twenty thousand files are looked through", async () => {
        await session.finish(
          "mkdir huge && cd huge && seq 100000 119999 | xargs touch && echo needle > 110000 && cd ..",
        );
        expect((await glob({ pattern: "huge/*" })).truncated).toBe(true);
        expect((await glob({ pattern: "huge/1*19999" })).files).toEqual([`${root}/huge/119999`]);
        const found = await grep({ pattern: "needle", path: `${root}/huge` });
        expect(found).toMatchObject({ matches: [`${root}/huge/110000`], truncated: false });
        await session.finish("rm -r huge");
      });
    });
  });
}
