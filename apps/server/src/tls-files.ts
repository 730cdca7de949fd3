/** The two files behind HTTPS, read and held against each other before anything is served with them. */
import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { AppError } from "@openhands/protocol";
import type { Config } from "./config.ts";

export interface TlsFiles {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** the server's own certificate: the first in its file */
  readonly certificate: X509Certificate;
}

/** @throws AppError `bad_request` for files that can't be read, are none of these, or don't belong together */
export async function readTlsFiles(named: NonNullable<Config["tls"]>): Promise<TlsFiles> {
  try {
    const [cert, key] = await Promise.all([readFile(named.cert), readFile(named.key)]);
    const { createSecureContext } = await import("node:tls");
    createSecureContext({ cert, key });
    return { cert, key, certificate: new X509Certificate(cert) };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AppError(
      "bad_request",
      `TLS_CERT and TLS_KEY can't be used: ${why}. Name two PEM files that belong together.`,
      { cause },
    );
  }
}
