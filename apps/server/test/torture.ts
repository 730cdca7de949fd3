/**
 * Conversations with a model that misbehaves, on a server that is killed in the middle, with a person who stops, pauses,
 * interrupts, approves and talks at random. What must hold then is checked from outside.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ApiError, type Client } from "@openhands/client";
import type { ConversationInfo } from "@openhands/protocol";
import {
  historyFault,
  type ScriptedLlm,
  SeededRandom,
  startScriptedLlm,
  temporaryHome,
  tortureModel,
  type TortureModel,
  tortureModelName,
  tortureSeed,
} from "@openhands/testing";
import * as z from "zod";
import { probeConversation } from "./conversation-probe.ts";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

const requestsEach = 10;
/** Messages after which a conversation must have come to its end. */
const mostRounds = 60;

/** @returns what did not hold, with the seed; empty when all did */
export async function torture(seeds: readonly number[]): Promise<string[]> {
  await using home = await temporaryHome();
  const person = new Person(new SeededRandom(seeds[0] ?? 0));
  const model = tortureModel({ requests: requestsEach, onRequest: (seed) => person.sees(seed) });
  await using llm = await startScriptedLlm({ responder: model.respond });
  await using place = await Place.start(home.path, llm.url);
  person.looksAt(place, seeds.length * requestsEach);
  const ids = await Promise.all(seeds.map(async (seed) => await person.create(seed)));
  const ends = await Promise.all(seeds.map(async (seed) => await person.accompany(seed, model)));
  await person.quiet();
  await place.server.stop();
  const checked = seeds.map(async (seed, index) => {
    const id = ids[index] ?? "";
    const faults = [
      ...(await logFaults(home.path, id, person.acknowledged(seed))),
      ...(await actionFaults(home.path, id)),
      ...requestFaults(llm, seed),
      ...(ends[index] === "finished" ? [] : [`ended as ${ends[index]}`]),
    ];
    return faults.map((fault) => `seed ${seed}: ${fault}`);
  });
  return (await Promise.all(checked)).flat();
}

/** The server that is there now; killed, there is another one on the same home. */
class Place implements AsyncDisposable {
  readonly #home: string;
  readonly #llmUrl: string;
  server: ServerProcess;
  #restarting: Promise<void> = Promise.resolve();
  #gone = Promise.withResolvers<void>();

  private constructor(home: string, llmUrl: string, server: ServerProcess) {
    this.#home = home;
    this.#llmUrl = llmUrl;
    this.server = server;
  }

  static async start(home: string, llmUrl: string): Promise<Place> {
    const place = new Place(home, llmUrl, await Place.#server(home, llmUrl));
    await place.server.client.settings.patch({ llm_attempts: 2, terminal_no_change_seconds: 1 });
    return place;
  }

  static async #server(home: string, llmUrl: string): Promise<ServerProcess> {
    const env = {
      LLM_BASE_URL: llmUrl,
      LLM_MODEL: "openai/torture",
      LLM_API_KEY: "sk-0123456789",
      OPENHANDS_MAX_RUNNING: "100",
      LOG_LEVEL: "error",
    };
    return await startServerProcess({ home, runtime: "bubblewrap", env });
  }

  /** resolves when the server of this moment is killed */
  get gone(): Promise<void> {
    return this.#gone.promise;
  }

  kill(): void {
    const restart = async (): Promise<void> => {
      await this.server.kill();
      this.#gone.resolve();
      this.#gone = Promise.withResolvers<void>();
      this.server = await Place.#server(this.#home, this.#llmUrl);
    };
    this.#restarting = restart();
  }

  /** Also after a failure no server is left behind. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#restarting;
    await this.server.stop();
  }

  /** The client of a server that is up. */
  async client(): Promise<Client> {
    await this.#restarting;
    return this.server.client;
  }
}

const ending = (info: ConversationInfo): boolean => !["idle", "running"].includes(info.execution_status);

/** Disturbs, goes on, says yes and no, and kills the server twice. */
class Person {
  readonly #random: SeededRandom;
  readonly #ids = new Map<number, string>();
  readonly #said = new Map<number, string[]>();
  readonly #deeds: Promise<void>[] = [];
  #place: Place | null = null;
  #requests = 0;
  #killsAt: readonly number[] = [];

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  looksAt(place: Place, requests: number): void {
    this.#place = place;
    this.#killsAt = [0.1, 0.6].map((part) => Math.floor(requests * (part + this.#random.next() * 0.3)));
  }

  async #client(): Promise<Client> {
    if (this.#place === null) throw new Error("there is no server yet");
    return await this.#place.client();
  }

  /** Messages that the server said are on disk. */
  acknowledged(seed: number): readonly string[] {
    return this.#said.get(seed) ?? [];
  }

  /** Resolves when nothing is done any more. */
  async quiet(): Promise<void> {
    await Promise.all(this.#deeds);
  }

  async create(seed: number): Promise<string> {
    const confirmation_policy =
      seed % 4 === 0 ? ({ kind: "AlwaysConfirm" } as const) : ({ kind: "NeverConfirm" } as const);
    const { id } = await (
      await this.#client()
    ).conversations.create({ llm_model: tortureModelName(seed), confirmation_policy });
    this.#ids.set(seed, id);
    return id;
  }

  /** A request has come to the model: the moment to get in the way. */
  sees(seed: number): void {
    this.#requests += 1;
    if (this.#killsAt.includes(this.#requests)) this.#place?.kill();
    if (this.#random.next() < 0.3) this.#deeds.push(this.#attempt(async () => await this.#disturb(seed)));
  }

  async #disturb(seed: number): Promise<void> {
    const client = await this.#client();
    const id = this.#ids.get(seed) ?? "";
    const deeds = [
      async () => void (await client.interrupt(id)),
      async () => void (await client.pause(id)),
      async () => await this.#say(client, seed, {}),
      async () => await this.#say(client, seed, { run: true }),
      async () => await this.#say(client, seed, { delivery: "queue" }),
      async () => await this.#say(client, seed, { delivery: "interrupt" }),
      async () => void (await client.condense(id)),
    ];
    await this.#random.pick(deeds)();
  }

  async #say(
    client: Client,
    seed: number,
    how: { run?: boolean; delivery?: "queue" | "interrupt" },
  ): Promise<void> {
    const content = `word ${crypto.randomUUID()}`;
    await client.events.send(this.#ids.get(seed) ?? "", { content, ...how });
    this.#said.set(seed, [...this.acknowledged(seed), content]);
  }

  /** Goes on until the model has nothing left to do. @returns the last status */
  async accompany(seed: number, model: TortureModel): Promise<string> {
    let status = "idle";
    for (let round = 0; round < mostRounds; round += 1) {
      await this.#attempt(async () => await this.#goOn(seed, status));
      await this.#attempt(async () => void (status = await this.#restingStatus(seed)));
      if (status === "finished" && model.isDone(seed)) return status;
    }
    return status;
  }

  async #goOn(seed: number, status: string): Promise<void> {
    const client = await this.#client();
    if (status === "waiting_for_confirmation" && this.#random.next() < 0.8) {
      const accept = this.#random.next() < 0.7;
      await client.confirmation.respond(this.#ids.get(seed) ?? "", { accept, reason: accept ? null : "no" });
    } else {
      await this.#say(client, seed, { run: true });
    }
  }

  async #restingStatus(seed: number): Promise<string> {
    const client = await this.#client();
    using probe = probeConversation(client, this.#ids.get(seed) ?? "");
    const info = await Promise.race([probe.state(ending), this.#place?.gone]);
    return info === undefined ? "killed" : info.execution_status;
  }

  /** What is refused, or cut off because the server was killed, is no fault. */
  async #attempt(deed: () => Promise<void>): Promise<void> {
    try {
      await deed();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status >= 500 && error.status !== 503) throw error;
    }
  }
}

const Row = z.looseObject({ seq: z.number(), kind: z.string(), tool_call_id: z.string().optional() });
const answers = new Set(["ObservationEvent", "AgentErrorEvent", "UserRejectObservation"]);

/** Each action has one answer, each acknowledged message is there once, and no seq is missing. */
async function logFaults(home: string, id: string, said: readonly string[]): Promise<string[]> {
  const text = await readFile(join(home, "conversations", id, "events.json"), "utf8");
  const rows = z.array(Row).parse(JSON.parse(text));
  const faults = rows
    .filter((row, index) => row.seq !== index)
    .map((row) => `seq ${row.seq} is out of order`);
  const open = new Set<string>();
  for (const row of rows) {
    const call = row.tool_call_id ?? "";
    if (row.kind === "ActionEvent") open.add(call);
    else if (answers.has(row.kind) && !open.delete(call)) faults.push(`a second answer to ${call}`);
  }
  faults.push(...[...open].map((call) => `no answer to ${call}`));
  const messages = rows.filter((row) => row.kind === "MessageEvent").map((row) => JSON.stringify(row));
  for (const words of said) {
    const times = messages.filter((message) => message.includes(words)).length;
    if (times !== 1) faults.push(`"${words}" is there ${times} times`);
  }
  return faults;
}

async function actionFaults(home: string, id: string): Promise<string[]> {
  const path = join(home, "workspace", id, "actions.log");
  const lines = (await readFile(path, "utf8").catch(() => "")).trim().split("\n");
  const twice = lines.filter((line, index) => line !== "" && lines.indexOf(line) !== index);
  return twice.map((line) => `action ${line} ran twice`);
}

function requestFaults(llm: ScriptedLlm, seed: number): string[] {
  return llm.requests
    .filter(({ model }) => tortureSeed(model) === seed)
    .flatMap(({ number, body }) => {
      const fault = historyFault(body.messages);
      return fault === null ? [] : [`request ${number}: ${fault}`];
    });
}
