/** `openhands secrets`: through the server where one holds the home, else on the vault itself, under the home's lock. */
import { createInterface } from "node:readline";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { ApiError, createClient } from "@openhands/client";
import { AppError, type SecretList, type SecretPatch } from "@openhands/protocol";
import {
  acquireInstanceLock,
  createLayout,
  type Layout,
  openHome,
  openVault,
  readOrMakeSessionKey,
  readServerFile,
} from "@openhands/store";
import type { Command } from "./command.ts";

const usage = `openhands secrets set NAME [--description TEXT] [--no-sandbox]   the value is read from stdin
openhands secrets ls
openhands secrets rm NAME
openhands secrets rotate                                         a new master key for all of them
`;

/** What both ways offer. */
interface Keeper {
  list(): Promise<SecretList>;
  put(name: string, patch: SecretPatch): Promise<void>;
  remove(name: string): Promise<void>;
  rotate(): Promise<void>;
}

/** Sets, lists and removes secrets, and changes the key that they are encrypted with. */
export const secrets: Command = {
  name: "secrets",
  summary: "set, ls, rm, rotate: what agents may use and nobody sees",
  run: async (args) => {
    const { values, positionals } = read(args);
    const [verb = "", name] = positionals;
    const layout = createLayout(resolve(process.env["OPENHANDS_HOME"] ?? join(homedir(), ".openhands")));
    if (verb === "ls") await withKeeper(layout, print);
    else if (verb === "rotate") await withKeeper(layout, async (keeper) => await keeper.rotate());
    else if (verb === "rm" && name !== undefined)
      await withKeeper(layout, async (keeper) => await keeper.remove(name));
    else if (verb === "set" && name !== undefined) {
      const patch = {
        value: await readValue(name),
        ...(values.description === undefined ? {} : { description: values.description }),
        ...(values["no-sandbox"] === true ? { sandbox: false } : {}),
      };
      await withKeeper(layout, async (keeper) => await keeper.put(name, patch));
    } else throw new AppError("bad_request", usage.trimEnd());
  },
};

function read(args: readonly string[]) {
  try {
    const options = { description: { type: "string" }, "no-sandbox": { type: "boolean" } } as const;
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (cause) {
    throw new AppError("bad_request", usage.trimEnd(), { cause });
  }
}

async function print(keeper: Keeper): Promise<void> {
  const { secrets: kept, locked } = await keeper.list();
  for (const { name, description, sandbox } of kept) {
    console.log(`${name.padEnd(32)} ${sandbox ? "sandboxes" : "-        "} ${description ?? ""}`.trimEnd());
  }
  if (locked !== null) throw new AppError("unavailable", locked);
}

async function withKeeper(layout: Layout, work: (keeper: Keeper) => Promise<void>): Promise<void> {
  const lock = await acquireInstanceLock(layout).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "wrong_state") return null;
    throw error;
  });
  if (lock === null) {
    await work(await throughServer(layout));
    return;
  }
  try {
    await work(await onVault(layout));
  } finally {
    lock.release();
  }
}

async function onVault(layout: Layout): Promise<Keeper> {
  await openHome({ layout });
  const environmentKey = process.env["OPENHANDS_SECRET_KEY"] ?? "";
  const vault = await openVault({
    layout,
    environmentKey: environmentKey === "" ? null : environmentKey,
    isOwner: true,
  });
  const { Secrets } = await import("@openhands/server");
  const kept = new Secrets(vault);
  return {
    list: async () => await Promise.resolve(kept.list()),
    put: async (name, patch) => await kept.put(name, patch),
    remove: async (name) => await kept.remove(name),
    rotate: async () => await kept.rotate(),
  };
}

async function throughServer(layout: Layout): Promise<Keeper> {
  const server = await readServerFile(layout);
  if (server === null)
    throw new AppError("unavailable", `A server holds ${layout.home} and is not ready yet: try again.`);
  const sessionApiKey = process.env["SESSION_API_KEY"] ?? (await readOrMakeSessionKey(layout));
  const client = createClient({ baseUrl: server.url, sessionApiKey });
  const told = async <T>(call: Promise<T>): Promise<T> => {
    try {
      return await call;
    } catch (error) {
      if (error instanceof ApiError) throw new AppError("unavailable", error.message, { cause: error });
      throw error;
    }
  };
  return {
    list: async () => await told(client.secrets.list()),
    put: async (name, patch) => await told(client.secrets.put(name, patch)),
    remove: async (name) => await told(client.secrets.remove(name)),
    rotate: async () => await told(client.secrets.rotate()),
  };
}

/** One line where a person types, and then it is not shown; else all of stdin. */
async function readValue(name: string): Promise<string> {
  if (process.stdin.isTTY) return await typedValue(name);
  let text = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) text += String(chunk);
  return text.replace(/\r?\n$/, "");
}

async function typedValue(name: string): Promise<string> {
  process.stderr.write(`Value of ${name}: `);
  const lines = createInterface({ input: process.stdin, terminal: true });
  process.stdin.setRawMode(true);
  try {
    for await (const line of lines) return line;
    return "";
  } finally {
    lines.close();
    process.stderr.write("\n");
  }
}
