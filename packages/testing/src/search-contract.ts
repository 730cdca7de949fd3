/** How the agent's `grep` and `glob` behave on every kind of sandbox, with ripgrep there and without it. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSandboxTools, type Sandbox, type SandboxTools } from "@openhands/sandbox";
import {
  type ContractSandbox,
  contractSandbox,
  type MakeProvider,
  textOf,
  type ToolsSession,
  toolsSession,
} from "./tools-session.ts";

/** A folder with every program but ripgrep. */
const otherTools = `mkdir .tools && for tool in /bin/* /usr/bin/*; do [ "\${tool##*/}" = rg ] || ln -sf "$tool" .tools/; done`;

/** The same sandbox, whose programs are found in `path` alone. */
function withPath(sandbox: Sandbox, path: string): Sandbox {
  const spawn: Sandbox["spawn"] = (argv, options) =>
    sandbox.spawn(argv, { ...options, env: { ...options?.env, PATH: path } });
  return Object.create(sandbox, { spawn: { value: spawn } });
}

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
      if (!asItIs) await session.finish(otherTools);
      tools = asItIs
        ? session.tools
        : createSandboxTools(withPath(shared.sandbox, `${root}/.tools`), {
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
  });
}
