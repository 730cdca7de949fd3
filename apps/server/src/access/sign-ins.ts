/**
 * Who may use this server: the session key (programs), and cookies that a one-time code was exchanged for (pages).
 * Only hashes of cookies are kept, so a stolen file signs nobody in.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { AppError } from "@openhands/protocol";
import {
  createInOrder,
  type Layout,
  parseJson,
  readDocument,
  setAside,
  writeDocument,
} from "@openhands/store";
import * as z from "zod";
import { WrongCodes } from "./wrong-codes.ts";

const codeMinutes = 15;
const cookieDays = 90;

const Kept = z.object({ cookies: z.record(z.string(), z.looseObject({ until: z.number() })) });

const hash = (value: string): string => createHash("sha256").update(value).digest("base64url");

/** Compares in constant time, whatever the lengths. */
export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(createHash("sha256").update(a).digest(), createHash("sha256").update(b).digest());
}

export class SignIns {
  readonly #sessionKey: string;
  readonly #layout: Layout;
  readonly #codes = new Map<string, number>();
  readonly #cookies: Map<string, { until: number }>;
  /** by the hash of the cookie that it was let in by: what is to be ended with it */
  readonly #open = new Map<string, Set<() => void>>();
  readonly #inOrder = createInOrder();
  readonly #wrongCodes = new WrongCodes();

  private constructor(layout: Layout, sessionKey: string, cookies: Map<string, { until: number }>) {
    this.#layout = layout;
    this.#sessionKey = sessionKey;
    this.#cookies = cookies;
  }

  static async load(layout: Layout, sessionKey: string): Promise<SignIns> {
    const text = await readDocument(layout.signInsFile);
    const kept = Kept.safeParse(parseJson(text ?? ""));
    const now = Date.now();
    if (text !== null && !kept.success) await setAside(layout.signInsFile, now);
    const cookies = Object.entries(kept.success ? kept.data.cookies : {}).filter(
      ([, { until }]) => until > now,
    );
    return new SignIns(layout, sessionKey, new Map(cookies));
  }

  isSessionKey(value: string): boolean {
    return sameSecret(value, this.#sessionKey);
  }

  isCookie(value: string): boolean {
    const known = this.#cookies.get(hash(value));
    return known !== undefined && known.until > Date.now();
  }

  /** A code that signs one page in, within 15 minutes. */
  newCode(): string {
    const code = randomBytes(24).toString("base64url");
    this.#codes.set(hash(code), Date.now() + codeMinutes * 60_000);
    return code;
  }

  /**
   * The value of a new cookie.
   * @param address of who shows the code
   * @throws AppError `access` for a code that is unknown, used or old; `too_many`; `disk_full`
   */
  async exchange(code: string, address: string): Promise<{ value: string; maxAgeSeconds: number }> {
    const now = Date.now();
    this.#wrongCodes.check(address, now);
    const until = this.#codes.get(hash(code));
    this.#codes.delete(hash(code));
    if (until === undefined || until < now) {
      this.#wrongCodes.add(address);
      throw new AppError(
        "access",
        "This link was used already or is older than 15 minutes. Run `npx openhands link` for a new one.",
      );
    }
    const value = randomBytes(32).toString("base64url");
    const maxAgeSeconds = cookieDays * 86_400;
    this.#cookies.set(hash(value), { until: now + maxAgeSeconds * 1000 });
    try {
      await this.#save();
    } catch (error) {
      // Nobody was signed in, so the link is as good as before.
      this.#cookies.delete(hash(value));
      this.#codes.set(hash(code), until);
      throw error;
    }
    return { value, maxAgeSeconds };
  }

  /** What stays open for who shows that cookie ends with it. @returns to be called where it ends before */
  openFor(value: string, end: () => void): () => void {
    const key = hash(value);
    const ends = this.#open.get(key) ?? new Set();
    this.#open.set(key, ends.add(end));
    return () => {
      ends.delete(end);
      if (ends.size === 0) this.#open.delete(key);
    };
  }

  async revoke(value: string): Promise<void> {
    if (!this.#cookies.delete(hash(value))) return;
    for (const end of this.#open.get(hash(value)) ?? []) end();
    await this.#save();
  }

  /** The last write has what all before it had. */
  async #save(): Promise<void> {
    await this.#inOrder(async () => {
      const text = JSON.stringify({ cookies: Object.fromEntries(this.#cookies) });
      await writeDocument(this.#layout.signInsFile, text);
    });
  }
}
