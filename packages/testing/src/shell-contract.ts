/** How the agent's shell outlives what happens to it, on every kind of sandbox. */
import type { ShellState } from "@openhands/sandbox";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type ContractSandbox,
  contractSandbox,
  type MakeProvider,
  textOf,
  type ToolsSession,
  toolsSession,
} from "./tools-session.ts";

export function shellContract(name: string, makeProvider: MakeProvider): void {
  describe(`shell on ${name}`, () => {
    let shared: ContractSandbox;
    beforeAll(async () => {
      shared = await contractSandbox(makeProvider);
    });
    afterAll(() => shared?.dispose());

    describe("after a restart", () => {
      /** What is kept between two sessions, and how often it was saved. */
      function keeper() {
        const kept: ShellState[] = [];
        const load = async (): Promise<ShellState | null> => kept.at(-1) ?? null;
        return { kept, load, save: async (state: ShellState) => void kept.push(state) };
      }
      const open = (shellState: ReturnType<typeof keeper>, isFresh = false): ToolsSession =>
        toolsSession(shared.sandbox, { shellState, isFresh });

      test("it goes on in the last folder with the exported variables, and says so", async () => {
        const state = keeper();
        const value = `a"b'c $HOME \\ \n\té ;!`;
        {
          await using first = open(state);
          expect((await first.finish("mkdir -p 'in here'; cd 'in here'")).metadata.prefix).toBe("");
          await first.finish(
            `export TRICKY="$(printf '%s' '${value.replaceAll("'", `'\\''`)}')" EMPTY=; PLAIN=1`,
          );
          await first.finish("export TWICE=1; export TWICE=2; export GONE=1");
          await first.finish("unset GONE; set -o noclobber");
        }
        await using second = open(state);
        const observation = await second.finish(
          `printf '%s' "$TRICKY"; echo; pwd; echo "\${EMPTY-unset} $TWICE \${GONE-gone} \${PLAIN-gone}"`,
        );
        const [directory] = /\/[^\n]*in here$/m.exec(textOf(observation)) ?? [];
        expect(textOf(observation)).toBe(`${value}\n${directory}\n 2 gone gone`);
        expect(observation.metadata.prefix).toMatch(
          /^\[OpenHands was restarted: [^]*new shell in [^]*in here, with the exported variables/,
        );
        expect((await second.finish("true")).metadata.prefix).toBe("");
      });

      test("what changed is saved with the prompt after it, and only then", async () => {
        const state = keeper();
        await using session = open(state);
        await session.finish("true");
        await session.finish("echo nothing; A=1");
        expect(state.kept).toHaveLength(1);
        await session.finish("export A=2");
        await session.finish("cd /tmp");
        expect(state.kept).toHaveLength(3);
        expect(state.kept.at(-1)).toMatchObject({ directory: "/tmp", variables: { A: "2" } });
        await session.finish("set -a; B=3");
        expect(state.kept.at(-1)?.variables).toMatchObject({ B: "3" });
        expect(Object.keys(state.kept.at(-1)?.variables ?? {}).filter((key) => key.startsWith("__"))).toEqual(
          [],
        );
      });

      test("it starts elsewhere where the folder is gone, and a fresh sandbox is told as one", async () => {
        const state = keeper();
        await state.save({ directory: "/nowhere/at/all", variables: { A: "1" } });
        await using session = open(state, true);
        const home = await session.finish('pwd; echo "$A"');
        expect(textOf(home)).toMatch(/^\/.*\n1$/);
        expect(home.metadata.prefix).toMatch(/^\[The sandbox is a fresh one: the workspace is as it was/);
        expect(home.metadata.prefix).not.toContain("/nowhere");
      });

      test("a reset is still fresh, and so is the shell after one that was lost", async () => {
        const state = keeper();
        await state.save({ directory: "/tmp", variables: { A: "1" } });
        await using session = open(state);
        await session.run("", { reset: true });
        const fresh = await session.finish('echo "${A-unset}"');
        expect(textOf(fresh)).toBe("unset");
        expect(fresh.metadata.prefix).toBe("");
        await session.finish("export B=1; exit");
        expect(await session.output('echo "${B-unset}"')).toBe("unset");
      });
    });
  });
}
