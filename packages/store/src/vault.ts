/**
 * Secrets at rest: one file each, JWE compact (`dir`, A256GCM), whose header names the key that opens it. So a key that
 * was swapped or lost is told from a damaged file, the vault locks itself, and no ciphertext is ever written over with
 * another key.
 */
import { createHash } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { AppError } from "@openhands/protocol";
import { diskFailure, errorCode } from "./disk-failure.ts";
import { makeFolder, parseJson, readDocument, syncFolder, writeDocument } from "./documents.ts";
import { readKeyFile, readOrMakeKeyFile } from "./key-file.ts";
import type { Layout } from "./layout.ts";
import type { Vault } from "./store.ts";

export interface VaultOptions {
  readonly layout: Layout;
  /** OPENHANDS_SECRET_KEY, 16 characters or more; null: the key in `secret.key`, made at first need */
  readonly environmentKey: string | null;
  /** is told each value that is stored or handed out, so that the redactor knows it */
  readonly onValue?: (value: string) => void;
}

interface MasterKey {
  readonly bytes: Uint8Array;
  /** 16 hex digits that name the key and do not tell it */
  readonly id: string;
}

const secretName = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;
const extension = ".jwe";

/** @throws AppError `invalid` for an environment key that is too short */
export async function openVault(options: VaultOptions): Promise<Vault> {
  const { layout, environmentKey } = options;
  await makeFolder(layout.secretsFolder);
  const keyIds = await readKeyIds(layout);
  const isNeeded = [...keyIds.values()].some((id) => id !== null);
  return createVault(options, await masterKey(layout, environmentKey, isNeeded), keyIds);
}

/** @param found null when the key file is gone */
function createVault(
  options: VaultOptions,
  found: MasterKey | null,
  keyIds: Map<string, string | null>,
): Vault {
  const { layout } = options;
  let key = found;

  /** A damaged file (null) locks nothing: it can be written anew. */
  function locked(): string | null {
    const foreign = [...keyIds].flatMap(([name, id]) => (id === null || id === key?.id ? [] : [name]));
    return foreign.length === 0 ? null : lockedSentence(foreign, key, options.environmentKey !== null);
  }

  async function unlockedKey(): Promise<MasterKey> {
    const reason = locked();
    if (reason !== null) throw new AppError("unavailable", reason);
    key ??= keyFrom(await readOrMakeKeyFile(layout.secretKeyFile));
    return key;
  }

  return {
    get locked() {
      return locked();
    },
    async names() {
      return [...keyIds.keys()].toSorted();
    },
    async get(name) {
      if (!secretName.test(name)) return null;
      const text = await readDocument(layout.secretFile(name));
      if (text === null) return null;
      const value = await decrypt(text, await unlockedKey(), name);
      options.onValue?.(value);
      return value;
    },
    async set(name, value) {
      if (!secretName.test(name)) {
        throw new AppError(
          "invalid",
          "A secret's name begins with a letter or _ and has at most 128 letters, digits and _.",
        );
      }
      if (value === "") throw new AppError("invalid", `The secret ${name} is empty.`);
      const key = await unlockedKey();
      options.onValue?.(value);
      await writeDocument(layout.secretFile(name), await encrypt(value, key));
      keyIds.set(name, key.id);
    },
    async remove(name) {
      if (!secretName.test(name)) return;
      try {
        await rm(layout.secretFile(name), { force: true });
        await syncFolder(layout.secretsFolder);
      } catch (error) {
        throw diskFailure(error);
      }
      keyIds.delete(name);
    },
  };
}

/** The id of the key of each secret on disk; null where the file is damaged. */
async function readKeyIds(layout: Layout): Promise<Map<string, string | null>> {
  const keyIds = new Map<string, string | null>();
  for (const file of await readdir(layout.secretsFolder)) {
    const name = file.slice(0, -extension.length);
    if (!file.endsWith(extension) || !secretName.test(name)) continue;
    keyIds.set(name, keyIdOf((await readDocument(layout.secretFile(name))) ?? ""));
  }
  return keyIds;
}

function keyIdOf(compact: string): string | null {
  const header = parseJson(Buffer.from(compact.split(".", 1)[0] ?? "", "base64url").toString());
  if (typeof header !== "object" || header === null || !("kid" in header)) return null;
  return typeof header.kid === "string" ? header.kid : null;
}

/** null: the key file is gone though there are secrets that need it; one made in its place would hide that. */
async function masterKey(
  layout: Layout,
  environmentKey: string | null,
  isNeeded: boolean,
): Promise<MasterKey | null> {
  if (environmentKey !== null) {
    if (environmentKey.length < 16) {
      throw new AppError("invalid", "OPENHANDS_SECRET_KEY must have at least 16 characters.");
    }
    return keyFrom(environmentKey);
  }
  const text = isNeeded
    ? await readKeyFile(layout.secretKeyFile)
    : await readOrMakeKeyFile(layout.secretKeyFile);
  return text === null ? null : keyFrom(text);
}

/** The same for a key from the environment and from the file, so that one can take the place of the other. */
function keyFrom(text: string): MasterKey {
  const bytes = createHash("sha256").update(text).digest();
  return { bytes, id: createHash("sha256").update(bytes).digest("hex").slice(0, 16) };
}

function lockedSentence(names: readonly string[], key: MasterKey | null, fromEnvironment: boolean): string {
  const what = names.length === 1 ? `The secret ${names[0]} is` : `${names.length} secrets are`;
  const why = key === null ? "and secret.key is missing" : "and not with the one in use";
  const wayOut = fromEnvironment
    ? "start with the OPENHANDS_SECRET_KEY of before"
    : "put the secret.key of before back, or start with its OPENHANDS_SECRET_KEY";
  return `${what} locked with another key ${why}: ${wayOut}, or remove what is locked (${names.join(", ")}) and enter it again.`;
}

async function encrypt(value: string, key: MasterKey): Promise<string> {
  const { CompactEncrypt } = await import("jose");
  return new CompactEncrypt(Buffer.from(value))
    .setProtectedHeader({ alg: "dir", enc: "A256GCM", kid: key.id })
    .encrypt(key.bytes);
}

async function decrypt(text: string, key: MasterKey, name: string): Promise<string> {
  const { compactDecrypt } = await import("jose");
  try {
    const { plaintext } = await compactDecrypt(text.trim(), key.bytes, {
      keyManagementAlgorithms: ["dir"],
      contentEncryptionAlgorithms: ["A256GCM"],
    });
    return Buffer.from(plaintext).toString();
  } catch (error) {
    if (errorCode(error)?.startsWith("ERR_J") !== true) throw error;
    throw new AppError("unavailable", `The secret ${name} is damaged: remove it and enter it again.`, {
      cause: error,
    });
  }
}
