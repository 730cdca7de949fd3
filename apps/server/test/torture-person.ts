/** Disturbs, goes on, says yes and no, and kills the server, at random. */
import { ApiError, type Client } from "@openhands/client";
import { ConversationId, type ConversationInfo, neverConfirm } from "@openhands/protocol";
import { type SeededRandom, type TortureModel, tortureModelName } from "@openhands/testing";
import { probeConversation } from "./conversation-probe.ts";
import type { TorturePlace } from "./torture-place.ts";

/** A kill for so many requests of all conversations: each of them lives through two, more or less. */
const requestsOfAKill = 125;
/** Messages after which a conversation must have come to its end. */
const mostRounds = 60;
/** Milliseconds without a new event after which a conversation that runs hangs, however busy the machine is. */
const longestSilence = 120_000;

/** What became of a conversation. */
export interface Life {
  readonly seed: number;
  readonly id: ConversationId;
  /** messages that the server said are on disk */
  readonly said: readonly string[];
  /** null: it came to its end */
  readonly fault: string | null;
}

/** Nothing goes on by itself: a message that is not to be answered leaves it idle where actions waited. */
const rests = (info: ConversationInfo): boolean => info.execution_status !== "running";

const idOf = (seed: number): ConversationId => ConversationId.parse(seed.toString(16).padStart(32, "0"));

export class TorturePerson {
  /** answers of the server that nobody should get */
  readonly faults: string[] = [];
  readonly #random: SeededRandom;
  readonly #said = new Map<number, string[]>();
  readonly #deeds: Promise<unknown>[] = [];
  #place: TorturePlace | null = null;
  #requests = 0;

  constructor(random: SeededRandom) {
    this.#random = random;
    this.#requests = random.below(requestsOfAKill);
  }

  looksAt(place: TorturePlace): void {
    this.#place = place;
  }

  /** Resolves when nothing is done any more. */
  async quiet(): Promise<void> {
    await Promise.all(this.#deeds);
  }

  /** A request has come to the model: the moment to get in the way. */
  sees(seed: number): void {
    this.#requests += 1;
    if (this.#requests % requestsOfAKill === 0) this.#there.kill();
    if (this.#random.next() < 0.3) this.#deeds.push(this.#attempt(seed, () => this.#disturb(seed)));
  }

  /** Makes a conversation and goes on until the model has nothing left to do. */
  async accompany(seed: number, model: TortureModel): Promise<Life> {
    const id = idOf(seed);
    const life = (fault: string | null): Life => ({ seed, id, said: this.#said.get(seed) ?? [], fault });
    if (!(await this.#create(seed))) return life("it could not be made");
    let info: ConversationInfo | null = null;
    for (let round = 0; round < mostRounds; round += 1) {
      const last = info;
      await this.#attempt(seed, () => this.#goOn(seed, last));
      info = (await this.#attempt(seed, () => this.#atRest(id))) ?? info;
      if (info?.execution_status === "running")
        return life(`it hangs and waits for ${JSON.stringify(info.waits_for)}`);
      if (info?.execution_status === "finished" && model.isDone(seed)) return life(null);
    }
    return life(`it does not end: ${JSON.stringify(info)}`);
  }

  get #there(): TorturePlace {
    if (this.#place === null) throw new Error("there is no server yet");
    return this.#place;
  }

  /** Under an id of the seed's own: a server that is killed meanwhile is asked again. */
  async #create(seed: number): Promise<boolean> {
    const confirmation_policy = seed % 4 === 0 ? ({ kind: "AlwaysConfirm" } as const) : neverConfirm;
    const request = { conversation_id: idOf(seed), llm_model: tortureModelName(seed), confirmation_policy };
    const create = async (): Promise<ConversationInfo> => {
      const { client } = await this.#there.up();
      return await client.conversations.create(request);
    };
    for (let round = 0; round < mostRounds; round += 1)
      if ((await this.#attempt(seed, create)) !== null) return true;
    return false;
  }

  async #disturb(seed: number): Promise<void> {
    const { client } = await this.#there.up();
    const id = idOf(seed);
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
    await client.events.send(idOf(seed), { content, ...how });
    this.#said.set(seed, [...(this.#said.get(seed) ?? []), content]);
  }

  async #goOn(seed: number, info: ConversationInfo | null): Promise<void> {
    const { client } = await this.#there.up();
    if (info?.execution_status === "waiting_for_confirmation" && this.#random.next() < 0.8) {
      const accept = this.#random.next() < 0.7;
      await client.confirmation.respond(idOf(seed), { accept, reason: accept ? null : "no" });
    } else {
      await this.#say(client, seed, { run: true });
    }
  }

  /** Resolves when nothing goes on; with one that runs where nothing has happened in it for long. */
  async #atRest(id: ConversationId): Promise<ConversationInfo> {
    let lastSeq = -1;
    for (;;) {
      const { client, gone } = await this.#there.up();
      const info = await client.conversations.get(id);
      if (rests(info) || info.last_seq === lastSeq) return info;
      lastSeq = info.last_seq;
      using probe = probeConversation(client, id, lastSeq);
      const silence = Promise.withResolvers<void>();
      const timer = setTimeout(silence.resolve, longestSilence);
      const settled = await Promise.race([probe.state(rests), gone, silence.promise]);
      clearTimeout(timer);
      if (settled) return settled;
    }
  }

  /** What is refused, or cut off because the server was killed, is no fault. @returns null for it */
  async #attempt<T>(seed: number, deed: () => Promise<T>): Promise<T | null> {
    try {
      return await deed();
    } catch (error) {
      const isExpected = error instanceof ApiError && (error.status < 500 || error.status === 503);
      if (!isExpected) this.faults.push(`seed ${seed}: ${String(error)}`);
      return null;
    }
  }
}
