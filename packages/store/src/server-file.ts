/** `server.json`: tells the command line where the running server is. A hint only: the lock says who owns the home. */
import { rm } from "node:fs/promises";
import { parseJson, readDocument, writeDocument } from "./documents.ts";
import type { Layout } from "./layout.ts";

export interface ServerFile {
  readonly url: string;
  readonly pid: number;
  readonly version: string;
  /** SHA-256 fingerprint of the certificate that it shows; null: it speaks plain HTTP */
  readonly certificate: string | null;
}

export function writeServerFile(layout: Layout, server: ServerFile): Promise<void> {
  return writeDocument(layout.serverFile, `${JSON.stringify(server)}\n`);
}

/** null when missing or broken */
export async function readServerFile(layout: Layout): Promise<ServerFile | null> {
  const value = parseJson((await readDocument(layout.serverFile)) ?? "");
  if (typeof value !== "object" || value === null) return null;
  const { url, pid, version, certificate } = value as Partial<Record<keyof ServerFile, unknown>>;
  if (typeof url !== "string" || typeof pid !== "number" || typeof version !== "string") return null;
  return { url, pid, version, certificate: typeof certificate === "string" ? certificate : null };
}

/** Idempotent. */
export function removeServerFile(layout: Layout): Promise<void> {
  return rm(layout.serverFile, { force: true });
}
