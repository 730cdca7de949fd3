/** `openhands secrets`: through the server where one holds the home, else on the vault itself, under the home's lock. */
import { createInterface } from "node:readline";
import { AppError, type SecretList, type SecretPatch } from "@openhands/protocol";
import { acquireInstanceLock, openHome, openVault } from "@openhands/store";
import { layoutOf } from "../home.ts";
import { leave, writeTo } from "../output.ts";
import { readFlags } from "../read-flags.ts";
import { findRunningServer, told } from "../running-server.ts";
import type { Command, Environment } from "./command.ts";

const usage = `openhands secrets set NAME [--description TEXT] [--no-sandbox]   the value is read from stdin
openhands secrets ls
openhands secrets rm NAME
openhands secrets rotate                                         a new master key for all of them
`;

const options = { description: { type: "string" }, "no-sandbox": { type: "boolean" } } as const;

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
  usage,
  run: async (args, environment) => {
    const { values, positionals } = readFlags(args, options, usage);
    const [verb = "", name] = positionals;
    if (verb === "ls") await withKeeper(environment, print);
    else if (verb === "rotate") await withKeeper(environment, async (keeper) => await keeper.rotate());
    else if (verb === "rm" && name !== undefined)
      await withKeeper(environment, async (keeper) => await keeper.remove(name));
    else if (verb === "set" && name !== undefined) {
      const patch = {
        value: await readValue(name),
        ...(values.description === undefined ? {} : { description: values.description }),
        ...(values["no-sandbox"] === true ? { sandbox: false } : {}),
      };
      await withKeeper(environment, async (keeper) => await keeper.put(name, patch));
    } else throw new AppError("bad_request", usage.trimEnd());
  },
};

async function print(keeper: Keeper): Promise<void> {
  const { secrets: kept, locked } = await keeper.list();
  const output = writeTo(process.stdout, leave);
  const write = (line: string): void => output(`${line}\n`);
  for (const { name, description, sandbox } of kept) {
    write(`${name.padEnd(32)} ${sandbox ? "sandboxes" : "-        "} ${description ?? ""}`.trimEnd());
  }
  if (locked !== null) throw new AppError("unavailable", locked);
}

async function withKeeper(environment: Environment, work: (keeper: Keeper) => Promise<void>): Promise<void> {
  const running = await findRunningServer(environment);
  if (running === null) return await onVault(environment, work);
  const { secrets: kept } = running.client;
  await work({
    list: async () => await told(kept.list()),
    put: async (name, patch) => await told(kept.put(name, patch)),
    remove: async (name) => await told(kept.remove(name)),
    rotate: async () => await told(kept.rotate()),
  });
}

async function onVault(environment: Environment, work: (keeper: Keeper) => Promise<void>): Promise<void> {
  const layout = layoutOf(environment);
  const environmentKey = environment["OPENHANDS_SECRET_KEY"] ?? "";
  const lock = await acquireInstanceLock(layout);
  try {
    await openHome({ layout });
    const vault = await openVault({
      layout,
      environmentKey: environmentKey === "" ? null : environmentKey,
      isOwner: true,
    });
    const { Secrets } = await import("@openhands/server");
    const kept = new Secrets(vault);
    await work({
      list: async () => await Promise.resolve(kept.list()),
      put: async (name, patch) => await kept.put(name, patch),
      remove: async (name) => await kept.remove(name),
      rotate: async () => await kept.rotate(),
    });
  } finally {
    lock.release();
  }
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
