/** Files that hold one secret line, made once: `secret.key` and `session.key`. */
import { randomBytes } from "node:crypto";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { diskFailure, errorCode } from "./disk-failure.ts";
import { makeFolder, readDocument, syncFolder, writeDocument } from "./documents.ts";

/** 32 random bytes, in base64url. */
export function makeKey(): string {
  return randomBytes(32).toString("base64url");
}

/** The key in the file at `path`, or null when there is no file or it is blank. */
export async function readKeyFile(path: string): Promise<string | null> {
  const key = (await readDocument(path))?.trim() ?? "";
  return key === "" ? null : key;
}

/** The key in the file at `path`; where there is none, one is made. */
export async function readOrMakeKeyFile(path: string): Promise<string> {
  const key = makeKey();
  await makeFolder(dirname(path));
  try {
    const file = await open(path, "wx", 0o600);
    try {
      await file.writeFile(`${key}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await syncFolder(dirname(path));
    return key;
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw diskFailure(error);
  }
  const existing = await readKeyFile(path);
  if (existing !== null) return existing;
  // a crash between making and filling the file left it blank
  await writeDocument(path, `${key}\n`);
  return key;
}
