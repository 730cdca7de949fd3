/** A server on a home of its own, whose model is scripted. */
import {
  type ScriptedLlm,
  type ScriptedLlmOptions,
  startScriptedLlm,
  temporaryHome,
  type TemporaryHome,
} from "@openhands/testing";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

export interface ScriptedServer extends AsyncDisposable {
  readonly home: TemporaryHome;
  readonly llm: ScriptedLlm;
  /** the newest one */
  readonly server: ServerProcess;
  /** kill -9, and a new server on the same home */
  restart(): Promise<void>;
}

export interface ScriptedServerOptions extends ScriptedLlmOptions {
  /** usually bubblewrap */
  readonly runtime?: "docker" | "bubblewrap";
  readonly env?: Readonly<Record<string, string>>;
}

/** What is seen of a sandbox is the same for every kind of it. */
export const runtimes = ["bubblewrap", "docker"] as const;

export async function startScriptedServer({
  runtime = "bubblewrap",
  env: further = {},
  ...options
}: ScriptedServerOptions = {}): Promise<ScriptedServer> {
  const home = await temporaryHome();
  const llm = await startScriptedLlm(options);
  const model = { LLM_BASE_URL: llm.url, LLM_MODEL: "openai/scripted", LLM_API_KEY: "sk-0123456789" };
  const env = { ...model, ...further };
  const start = async () => await startServerProcess({ home: home.path, runtime, env });
  let server = await start();
  return {
    home,
    llm,
    get server() {
      return server;
    },
    async restart() {
      await server.kill();
      server = await start();
    },
    async [Symbol.asyncDispose]() {
      await server.stop();
      await llm.stop();
      await home[Symbol.asyncDispose]();
    },
  };
}
