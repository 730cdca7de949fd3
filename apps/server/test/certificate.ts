import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

/** Paths of two PEM files. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** For localhost and 127.0.0.1, signed by itself. */
export async function makeCertificate(folder: string): Promise<Certificate> {
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
  const made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  await promisify(execFile)("openssl", [...made, "-keyout", key, "-out", cert, "-days", "2", ...subject]);
  return { cert, key };
}
