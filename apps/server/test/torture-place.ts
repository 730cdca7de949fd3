/** The server that is there now; killed, there is another one on the same home. */
import type { Client } from "@openhands/client";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

/** A server as it is known at one moment. */
export interface Up {
  readonly client: Client;
  /** resolves when it is killed */
  readonly gone: Promise<void>;
}

export class TorturePlace implements AsyncDisposable {
  readonly #home: string;
  readonly #llmUrl: string;
  readonly #servers: ServerProcess[] = [];
  #restarting: Promise<void> = Promise.resolve();
  #gone = Promise.withResolvers<void>();

  private constructor(home: string, llmUrl: string) {
    this.#home = home;
    this.#llmUrl = llmUrl;
  }

  static async start(home: string, llmUrl: string): Promise<TorturePlace> {
    const place = new TorturePlace(home, llmUrl);
    await place.#start();
    await place.server.client.settings.patch({ llm_attempts: 2, terminal_no_change_seconds: 1 });
    return place;
  }

  get server(): ServerProcess {
    const server = this.#servers.at(-1);
    if (server === undefined) throw new Error("there is no server yet");
    return server;
  }

  /** The server of this moment, once it is up. */
  async up(): Promise<Up> {
    await this.#restarting;
    return { client: this.server.client, gone: this.#gone.promise };
  }

  kill(): void {
    this.#restarting = this.#restart(this.#restarting);
  }

  /** What its servers logged as an error, beyond the model's failures: nothing that is done here is one. */
  get faults(): string[] {
    const lines = this.#servers.flatMap(({ log }) => log().split("\n"));
    return lines
      .filter((line) => line !== "" && !line.includes('"type":"ModelError"'))
      .map((line) => `a server said: ${line}`);
  }

  /** Also after a failure no server is left behind. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#restarting;
    await this.server.stop();
  }

  async #restart(last: Promise<void>): Promise<void> {
    await last;
    await this.server.kill();
    this.#gone.resolve();
    this.#gone = Promise.withResolvers<void>();
    await this.#start();
  }

  async #start(): Promise<void> {
    const env = {
      LLM_BASE_URL: this.#llmUrl,
      LLM_MODEL: "openai/torture",
      LLM_API_KEY: "sk-0123456789",
      OPENHANDS_MAX_RUNNING: "100",
      LOG_LEVEL: "error",
    };
    this.#servers.push(await startServerProcess({ home: this.#home, runtime: "bubblewrap", env }));
  }
}
