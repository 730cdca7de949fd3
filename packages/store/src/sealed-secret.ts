/**
 * One secret at rest: JWE compact (`dir`, A256GCM). Its header names the key that opens it and holds what may be known
 * without the value; both are covered by the seal.
 */
import { createHash } from "node:crypto";
import { AppError } from "@openhands/protocol";
import { errorCode } from "./disk-failure.ts";
import { parseJson } from "./documents.ts";

export interface MasterKey {
  readonly bytes: Uint8Array;
  /** 16 hex digits that name the key and do not tell it */
  readonly id: string;
}

export interface SecretHeader {
  readonly keyId: string;
  readonly description: string | null;
  readonly sandbox: boolean;
}

/** The same for a key from the environment and from the file, so that one can take the place of the other. */
export function masterKeyFrom(text: string): MasterKey {
  const bytes = createHash("sha256").update(text).digest();
  return { bytes, id: createHash("sha256").update(bytes).digest("hex").slice(0, 16) };
}

/** null for what is no sealed secret */
export function readHeader(sealed: string): SecretHeader | null {
  const header = parseJson(Buffer.from(sealed.split(".", 1)[0] ?? "", "base64url").toString());
  if (typeof header !== "object" || header === null || !("kid" in header)) return null;
  if (typeof header.kid !== "string") return null;
  const description = "description" in header ? header.description : null;
  return {
    keyId: header.kid,
    description: typeof description === "string" ? description : null,
    sandbox: "sandbox" in header && header.sandbox === true,
  };
}

export async function seal(
  value: string,
  key: MasterKey,
  about: Pick<SecretHeader, "description" | "sandbox">,
): Promise<string> {
  const { CompactEncrypt } = await import("jose");
  return await new CompactEncrypt(Buffer.from(value))
    .setProtectedHeader({
      alg: "dir",
      enc: "A256GCM",
      kid: key.id,
      ...(about.description === null ? {} : { description: about.description }),
      ...(about.sandbox ? { sandbox: true } : {}),
    })
    .encrypt(key.bytes);
}

/** @throws AppError `unavailable` when it is damaged or sealed with another key */
export async function unseal(sealed: string, key: MasterKey, name: string): Promise<string> {
  const { compactDecrypt } = await import("jose");
  try {
    const { plaintext } = await compactDecrypt(sealed.trim(), key.bytes, {
      keyManagementAlgorithms: ["dir"],
      contentEncryptionAlgorithms: ["A256GCM"],
    });
    return Buffer.from(plaintext).toString();
  } catch (error) {
    if (errorCode(error)?.startsWith("ERR_J") !== true) throw error;
    throw damaged(name, error);
  }
}

export function damaged(name: string, cause?: unknown): AppError {
  const message = `The secret ${name} is damaged: remove it and enter it again.`;
  return new AppError("unavailable", message, { cause });
}
