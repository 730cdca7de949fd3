/** What the tools cut off tells nothing of a secret that the cut falls into, on every kind of sandbox. */
import { createRedactor } from "@openhands/store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type ContractSandbox,
  contractSandbox,
  type MakeProvider,
  textOf,
  type ToolsSession,
  toolsSession,
} from "./tools-session.ts";

const secret = "sk-9f8e7d6c5b4a39281706f5e4d3c2b1a0";
const parts = Array.from({ length: secret.length - 7 }, (_, at) => secret.slice(at, at + 8));

export function redactionContract(name: string, makeProvider: MakeProvider): void {
  describe(`a secret that is cut on ${name}`, () => {
    let shared: ContractSandbox;
    let session: ToolsSession;
    let root: string;
    beforeAll(async () => {
      shared = await contractSandbox(makeProvider);
      const redactor = createRedactor();
      redactor.add(secret);
      session = toolsSession(shared.sandbox, {
        redact: (text) => redactor.text(text),
        undecidedEnd: (text) => redactor.undecidedEnd(text),
      });
      root = await session.output("pwd");
      // one line: wherever it is cut, it is cut within a secret, for there is nothing else
      await session.finish(`for i in $(seq 2000); do printf %s '${secret}'; done >secrets.txt`);
    });
    afterAll(async () => {
      await session?.[Symbol.asyncDispose]();
      await shared?.dispose();
    });

    const found = (observation: unknown): string[] =>
      parts.filter((part) => JSON.stringify(observation).includes(part));

    test.each([0, 5, 11, 17, 23, 29])("by the terminal, %d characters on", async (offset) => {
      const observation = await session.finish(`head -c ${offset} /dev/zero | tr '\\0' x; cat secrets.txt`);
      expect(textOf(observation)).toContain("<secret-hidden>");
      expect(found(observation.content)).toEqual([]);
    });

    test.each([4, 9, secret.length - 1])("by two looks at a command, %d characters on", async (at) => {
      const [first, second] = [secret.slice(0, at), secret.slice(at)];
      const wait = `until [ -e go-${at} ]; do sleep 0.05; done`;
      const looks = [
        await session.until(/it is/, `printf 'it is ${first}'; ${wait}; echo '${second}, that is it'`, {
          timeout: 0.1,
        }),
        textOf(await session.run("ls")),
      ];
      await session.edit({ command: "create", path: `${root}/go-${at}`, file_text: "" });
      const last = textOf(await session.finish(""));
      expect(found(looks)).toEqual([]);
      expect(looks.join("")).toBe("it is ");
      expect(last).toBe("<secret-hidden>, that is it");
    });

    test("not where it may only begin, in what is shown of a command that goes on", async () => {
      const wait = "until [ -e go-on ]; do sleep 0.05; done";
      const command = `echo 'port ${secret.slice(0, 3)}'; ${wait}; printf '%s\\n' -; ${wait}; echo end`;
      expect(await session.until(/port/, command, { timeout: 0.1 })).toBe(`port ${secret.slice(0, 3)}`);
      await session.edit({ command: "create", path: `${root}/go-on`, file_text: "" });
      expect(textOf(await session.finish(""))).toBe("-\nend");
    });

    test("by two looks, the first at its beginning only", async () => {
      const wait = "until [ -e go-there ]; do sleep 0.05; done";
      const command = `printf 'it is ${secret.slice(0, 2)}'; ${wait}; echo '${secret.slice(2)}, that is it'`;
      expect(await session.until(/it is/, command, { timeout: 0.1 })).toBe(`it is ${secret.slice(0, 2)}`);
      await session.edit({ command: "create", path: `${root}/go-there`, file_text: "" });
      const last = textOf(await session.finish(""));
      expect(last).toMatch(/<secret-hidden>, that is it$/);
      expect(found(last)).toEqual([]);
    });

    test("by the view of a file", async () => {
      const observation = await session.edit({ command: "view", path: `${root}/secrets.txt` });
      expect(found(observation.content)).toEqual([]);
    });

    test("by the snippet that an edit shows", async () => {
      const path = `${root}/edited.txt`;
      await session.finish("{ echo first; cat secrets.txt; } >edited.txt");
      const observation = await session.edit({
        command: "str_replace",
        path,
        old_str: "first",
        new_str: "1st",
      });
      expect(observation.is_error).toBe(false);
      expect(found(observation.content)).toEqual([]);
    });

    test.each([270, 280, 290, 300, 310])("by grep, in column %d", async (column) => {
      await session.finish(`{ head -c ${column} /dev/zero | tr '\\0' x; cat secrets.txt; } >column.txt`);
      const action = { kind: "GrepAction", pattern: "x", path: `${root}/column.txt` } as const;
      const observation = await session.tools.search.grep(action, { signal: AbortSignal.timeout(60_000) });
      expect(observation.line_count).toBe(1);
      expect(found(observation)).toEqual([]);
    });
  });
}
