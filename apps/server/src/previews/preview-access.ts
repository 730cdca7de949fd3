/**
 * Who may see a preview: a browser that came by a one-time link and has the cookie of that host, which is good for that
 * one port of that one conversation. Kept in memory: after a restart of the server a preview is opened again.
 */
import { createHash, randomBytes } from "node:crypto";
import type { PreviewTarget } from "./preview-target.ts";

const codeMinutes = 5;
const cookieHours = 12;

interface Grant {
  readonly about: string;
  readonly until: number;
}

const hash = (value: string): string => createHash("sha256").update(value).digest("base64url");
const about = ({ id, port }: PreviewTarget): string => `${port}--${id}`;

export class PreviewAccess {
  readonly #codes = new Map<string, Grant>();
  readonly #cookies = new Map<string, Grant>();

  newCode(target: PreviewTarget): string {
    return grant(this.#codes, target, codeMinutes * 60);
  }

  /** The value of a cookie; null for a code that is unknown, used, old or another port's. */
  exchange(code: string, target: PreviewTarget): { value: string; maxAgeSeconds: number } | null {
    if (!isGranted(this.#codes, code, target)) return null;
    this.#codes.delete(hash(code));
    const maxAgeSeconds = cookieHours * 3600;
    return { value: grant(this.#cookies, target, maxAgeSeconds), maxAgeSeconds };
  }

  isCookie(value: string, target: PreviewTarget): boolean {
    return isGranted(this.#cookies, value, target);
  }
}

function grant(grants: Map<string, Grant>, target: PreviewTarget, seconds: number): string {
  for (const [known, { until }] of grants) if (until < Date.now()) grants.delete(known);
  const value = randomBytes(24).toString("base64url");
  grants.set(hash(value), { about: about(target), until: Date.now() + seconds * 1000 });
  return value;
}

function isGranted(grants: ReadonlyMap<string, Grant>, value: string, target: PreviewTarget): boolean {
  const known = grants.get(hash(value));
  return known !== undefined && known.about === about(target) && known.until > Date.now();
}
