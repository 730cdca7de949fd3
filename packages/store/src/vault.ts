/**
 * Secrets at rest, a file each (`sealed-secret.ts`). A master key that was swapped or lost is told from a damaged file:
 * then the vault locks itself, and no ciphertext is ever written over with another key.
 *
 * While the key is changed there are two, `secret.key` and `secret.key.next`, and each secret is sealed with one of
 * them; once all are sealed with the next, it takes the place of the first. So it can be interrupted anywhere.
 */
import { readdir, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { AppError } from "@openhands/protocol";
import { diskFailure } from "./disk-failure.ts";
import { makeFolder, namesIn, readDocument, syncFolder, writeDocument } from "./documents.ts";
import { createInOrder } from "./in-order.ts";
import { makeKey, readKeyFile, readOrMakeKeyFile } from "./key-file.ts";
import type { Layout } from "./layout.ts";
import {
  damaged,
  type MasterKey,
  masterKeyFrom,
  readHeader,
  seal,
  type SecretHeader,
  unseal,
} from "./sealed-secret.ts";
import type { SecretChange, SecretInfo, Vault } from "./store.ts";

export interface VaultOptions {
  readonly layout: Layout;
  /** OPENHANDS_SECRET_KEY, 16 characters or more without blanks around them; null: the key in `secret.key`, made at first need */
  readonly environmentKey: string | null;
  /** the caller holds the home's lock: a change of the key that was interrupted goes on. Else nothing is sealed anew */
  readonly isOwner?: boolean;
  /** is told each value that is stored, and all that can be read at the opening, so that the redactor knows them */
  readonly onValue?: (value: string) => void;
}

const secretName = /^[A-Za-z_][A-Za-z0-9_]{0,127}(@[0-9a-f]{32})?$/;
const extension = ".jwe";

/** @throws AppError `invalid` for an environment key that is too short */
export async function openVault(options: VaultOptions): Promise<Vault> {
  const { layout } = options;
  await makeFolder(layout.secretsFolder);
  const headers = await readHeaders(layout);
  const isNeeded = [...headers.values()].some((header) => header !== null);
  const vault = new FileVault(options, headers, await findKeys(options, isNeeded));
  await vault.opened();
  return vault;
}

/** The last one is what new secrets are sealed with. */
async function findKeys({ layout, environmentKey }: VaultOptions, isNeeded: boolean): Promise<MasterKey[]> {
  if (environmentKey !== null) {
    // as in secret.key, so that a key is the same in both, whatever line end a file of variables left behind it
    const key = environmentKey.trim();
    if (key.length < 16) {
      throw new AppError("invalid", "OPENHANDS_SECRET_KEY must have at least 16 characters.");
    }
    // what a version that took it to the letter has sealed
    const before = key === environmentKey ? [] : [masterKeyFrom(environmentKey)];
    return [...before, masterKeyFrom(key)];
  }
  const next = await readKeyFile(layout.nextSecretKeyFile);
  // One made in place of a lost one would hide that there are secrets that need it.
  const first =
    isNeeded || next !== null
      ? await readKeyFile(layout.secretKeyFile)
      : await readOrMakeKeyFile(layout.secretKeyFile);
  return [first, next].flatMap((text) => (text === null ? [] : [masterKeyFrom(text)]));
}

class FileVault implements Vault {
  readonly #options: VaultOptions;
  readonly #layout: Layout;
  /** of each secret on disk; null where the file is damaged */
  readonly #headers: Map<string, SecretHeader | null>;
  readonly #inOrder = createInOrder();
  #keys: readonly MasterKey[];

  constructor(options: VaultOptions, headers: Map<string, SecretHeader | null>, keys: readonly MasterKey[]) {
    this.#options = options;
    this.#layout = options.layout;
    this.#headers = headers;
    this.#keys = keys;
  }

  /** Goes on with a change of the key that was interrupted, and tells the values that can be read. */
  async opened(): Promise<void> {
    if (this.#options.isOwner === true && this.#keys.length > 1 && this.locked === null) {
      try {
        await this.#sealAnew();
      } catch (error) {
        // With both keys everything can be read; the next opening tries again.
        if (!(error instanceof AppError)) throw error;
      }
    }
    for (const name of this.names()) {
      try {
        await this.get(name);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
      }
    }
  }

  /** A damaged file locks nothing: it can be written anew. */
  get locked(): string | null {
    const foreign = [...this.#headers].flatMap(([name, header]) =>
      header === null || this.#keys.some(({ id }) => id === header.keyId) ? [] : [name],
    );
    if (foreign.length === 0) return null;
    return lockedSentence(foreign, this.#keys.length > 0, this.#options.environmentKey !== null);
  }

  list(): SecretInfo[] {
    return this.names().map((name) => ({
      name,
      description: this.#headers.get(name)?.description ?? null,
      sandbox: this.#headers.get(name)?.sandbox ?? false,
    }));
  }

  names(): string[] {
    return [...this.#headers.keys()].toSorted();
  }

  async get(name: string): Promise<string | null> {
    // most conversations have no key of their own, which is asked for at each model call
    if (!this.#headers.has(name)) return null;
    const sealed = await readDocument(this.#layout.secretFile(name));
    if (sealed === null) return null;
    this.#checkUnlocked();
    const header = readHeader(sealed);
    const key = this.#keys.find(({ id }) => id === header?.keyId);
    if (key === undefined) throw damaged(name);
    const value = await unseal(sealed, key, name);
    this.#options.onValue?.(value);
    return value;
  }

  async set(name: string, change: SecretChange): Promise<void> {
    if (!secretName.test(name)) {
      throw new AppError(
        "invalid",
        "A secret's name begins with a letter or _ and has at most 128 letters, digits and _.",
      );
    }
    if (change.value === "") throw new AppError("invalid", `The secret ${name} is empty.`);
    await this.#inOrder(async () => await this.#set(name, change));
  }

  async remove(name: string): Promise<void> {
    if (!secretName.test(name)) return;
    await this.#inOrder(async () => {
      try {
        await rm(this.#layout.secretFile(name), { force: true });
        await syncFolder(this.#layout.secretsFolder);
      } catch (error) {
        throw diskFailure(error);
      }
      this.#headers.delete(name);
    });
  }

  async rotate(): Promise<void> {
    if (this.#options.environmentKey !== null) {
      const message =
        "The master key comes from OPENHANDS_SECRET_KEY, so it can't be changed here: put it into secret.key, start without the variable, then rotate.";
      throw new AppError("wrong_state", message);
    }
    await this.#inOrder(async () => {
      this.#checkUnlocked();
      // Before the first is sealed anew: what can't be read now could not be read ever after.
      for (const name of this.names()) await this.get(name);
      if (this.#keys.length < 2) {
        const text = makeKey();
        await writeDocument(this.#layout.nextSecretKeyFile, `${text}\n`);
        this.#keys = [...this.#keys, masterKeyFrom(text)];
      }
      await this.#sealAnew();
    });
  }

  async #set(name: string, change: SecretChange): Promise<void> {
    this.#checkUnlocked();
    const before = this.#headers.get(name) ?? null;
    const value = change.value ?? (await this.get(name));
    if (value === null) throw new AppError("not_found", `There is no secret ${name} yet: give it a value.`);
    this.#options.onValue?.(value);
    await this.#write(name, value, {
      description: change.description === undefined ? (before?.description ?? null) : change.description,
      sandbox: change.sandbox ?? before?.sandbox ?? false,
    });
  }

  async #write(
    name: string,
    value: string,
    about: Pick<SecretInfo, "description" | "sandbox">,
  ): Promise<void> {
    const key = await this.#newestKey();
    await writeDocument(this.#layout.secretFile(name), await seal(value, key, about));
    this.#headers.set(name, { ...about, keyId: key.id });
  }

  async #newestKey(): Promise<MasterKey> {
    const newest = this.#keys.at(-1);
    if (newest !== undefined) return newest;
    const made = masterKeyFrom(await readOrMakeKeyFile(this.#layout.secretKeyFile));
    this.#keys = [made];
    return made;
  }

  async #sealAnew(): Promise<void> {
    const key = await this.#newestKey();
    for (const [name, header] of this.#headers) {
      if (header?.keyId === key.id) continue;
      const value = await this.get(name);
      if (value !== null) await this.#write(name, value, header ?? { description: null, sandbox: false });
    }
    try {
      await this.#forgetBackups();
      if (this.#options.environmentKey === null)
        await rename(this.#layout.nextSecretKeyFile, this.#layout.secretKeyFile);
      await syncFolder(this.#layout.home);
    } catch (error) {
      throw diskFailure(error);
    }
    this.#keys = [key];
  }

  /** Copies that a change of format left are sealed with the key of before, which is to open nothing any more. */
  async #forgetBackups(): Promise<void> {
    const { backupsFolder, secretsFolder } = this.#layout;
    for (const name of await namesIn(backupsFolder)) {
      await rm(join(backupsFolder, name, basename(secretsFolder)), { recursive: true, force: true });
    }
  }

  #checkUnlocked(): void {
    const reason = this.locked;
    if (reason !== null) throw new AppError("unavailable", reason);
  }
}

async function readHeaders(layout: Layout): Promise<Map<string, SecretHeader | null>> {
  const headers = new Map<string, SecretHeader | null>();
  for (const file of await readdir(layout.secretsFolder)) {
    const name = file.slice(0, -extension.length);
    if (!file.endsWith(extension) || !secretName.test(name)) continue;
    headers.set(name, readHeader((await readDocument(layout.secretFile(name))) ?? ""));
  }
  return headers;
}

function lockedSentence(names: readonly string[], hasKey: boolean, fromEnvironment: boolean): string {
  const what = names.length === 1 ? `The secret ${names[0]} is` : `${names.length} secrets are`;
  const why = hasKey ? "and not with the one in use" : "and secret.key is missing";
  const wayOut = fromEnvironment
    ? "start with the OPENHANDS_SECRET_KEY of before"
    : "put the secret.key of before back, or start with its OPENHANDS_SECRET_KEY";
  return `${what} locked with another key ${why}: ${wayOut}, or remove what is locked (${names.join(", ")}) and enter it again.`;
}
