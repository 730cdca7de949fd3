/** What a suite of the file editor works with: one sandbox, a session in it, and files of each test's own. */
import type { Sandbox } from "@openhands/sandbox";
import { afterAll, beforeAll } from "vitest";
import {
  type ContractSandbox,
  contractSandbox,
  type MakeProvider,
  type ToolsSession,
  toolsSession,
} from "./tools-session.ts";

export interface FilesFixture {
  readonly sandbox: Sandbox;
  readonly session: ToolsSession;
  /** folder of the files */
  readonly root: string;
  /** A new file, written with printf's escapes. @returns its path */
  readonly file: (content: string, mode?: string) => Promise<string>;
  /** The bytes of a file, as {@link bytes} tells them. */
  readonly hex: (path: string) => Promise<string>;
}

/** Made before the tests of the `describe` that it is called in, gone after them. */
export function filesFixture(makeProvider: MakeProvider): FilesFixture {
  let made: ContractSandbox;
  let session: ToolsSession;
  let root: string;
  let count = 0;
  beforeAll(async () => {
    made = await contractSandbox(makeProvider);
    session = toolsSession(made.sandbox);
    root = await session.output("pwd");
  });
  afterAll(async () => {
    await session?.[Symbol.asyncDispose]();
    await made?.dispose();
  });
  return {
    get sandbox() {
      return made.sandbox;
    },
    get session() {
      return session;
    },
    get root() {
      return root;
    },
    file: async (content, mode = "644") => {
      count += 1;
      const path = `${root}/file ${count}'s.txt`;
      const escaped = content.replaceAll("'", String.raw`\047`);
      await session.run(`printf '%b' '${escaped}' > "${path}"; chmod ${mode} "${path}"`);
      return path;
    },
    hex: (path) => session.output(`od -An -v -tx1 "${path}" | tr -d ' \\n'`),
  };
}

/** Texts and numbers of bytes, one after the other, in hexadecimal. */
export function bytes(...parts: readonly (string | number[])[]): string {
  return Buffer.concat(parts.map((part) => Buffer.from(part as string))).toString("hex");
}
