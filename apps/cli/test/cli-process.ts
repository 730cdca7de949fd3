/** The command as its users have it: a process of its own, on a home made for it, with a model that is scripted. */
import { type ChildProcess, spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type ScriptedLlm,
  type ScriptedLlmOptions,
  startScriptedLlm,
  temporaryHome,
  type TemporaryHome,
} from "@openhands/testing";

const main = fileURLToPath(new URL("../bin/openhands.mjs", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliProcess {
  readonly child: ChildProcess;
  /** Resolves with all of the output so far once it fits. @throws Error when the process ends before */
  readonly until: (output: "stdout" | "stderr", fits: RegExp) => Promise<void>;
  readonly ended: Promise<Ended>;
}

export interface CliHome extends AsyncDisposable {
  readonly home: TemporaryHome;
  readonly llm: ScriptedLlm;
  /** the variables that the command is given */
  readonly environment: Readonly<Record<string, string>>;
  /** @param environment beside and before {@link CliHome.environment} */
  start(words: readonly string[], environment?: Readonly<Record<string, string>>): CliProcess;
  /** Starts it, gives it `input` and resolves when it has ended. */
  run(words: readonly string[], input?: string): Promise<Ended>;
}

/** @param settings the fields of settings.json that are not as usual */
export async function cliHome(options: ScriptedLlmOptions = {}, settings: object = {}): Promise<CliHome> {
  const home = await temporaryHome();
  const llm = await startScriptedLlm(options);
  await writeFile(join(home.path, "settings.json"), JSON.stringify(settings), { mode: 0o600 });
  const environment = {
    PATH: process.env["PATH"] ?? "",
    HOME: "/nonexistent",
    OPENHANDS_HOME: home.path,
    OPENHANDS_RUNTIME: "bubblewrap",
    LLM_BASE_URL: llm.url,
    LLM_MODEL: "openai/scripted",
    LLM_API_KEY: "sk-0123456789",
  };
  const start: CliHome["start"] = (words, more = {}) => startCli(words, { ...environment, ...more });
  return {
    home,
    llm,
    environment,
    start,
    async run(words, input = "") {
      const { child, ended } = start(words);
      child.stdin?.end(input);
      return await ended;
    },
    async [Symbol.asyncDispose]() {
      await llm.stop();
      await home[Symbol.asyncDispose]();
    },
  };
}

function startCli(words: readonly string[], env: Readonly<Record<string, string>>): CliProcess {
  const child = spawn(process.execPath, [main, ...words], { env, stdio: "pipe" });
  const output = { stdout: "", stderr: "" };
  const looks = new Set<() => void>();
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (chunk: string) => {
      output[name] += chunk;
      for (const look of looks) look();
    });
  }
  // a command that does not read its input
  child.stdin.on("error", () => child.stdin.destroy());
  const ended = new Promise<Ended>((resolve) => {
    child.once("close", (code) => resolve({ code, ...output }));
  });
  const until: CliProcess["until"] = async (name, fits) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = (): void => {
      if (fits.test(output[name])) resolve();
    };
    looks.add(look);
    look();
    const early = ended.then(({ code }) => {
      throw new Error(`ended with ${code} before ${fits} was printed:\n${output.stdout}\n${output.stderr}`);
    });
    await Promise.race([promise, early]);
    looks.delete(look);
  };
  return { child, until, ended };
}
