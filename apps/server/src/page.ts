/** Serves the built page. Every path that names no file is the page itself: its router knows what to show. */
import { readFile, stat } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { AppError } from "@openhands/protocol";
import type { Context } from "hono";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
};

/** Fonts and pictures are compressed as they are. */
const compressible: ReadonlySet<string> = new Set([".js", ".css", ".svg", ".json"]);
const gzipOf = promisify(gzip);

export class Page {
  readonly #folder: string;
  readonly #base: string;
  readonly #gzipped = new Map<string, Promise<Buffer>>();

  /** @param basePath what the browser sees before every path, without a slash at its end */
  constructor(folder: string, basePath: string) {
    this.#folder = folder;
    this.#base = `<base href="${basePath}/" />`;
  }

  /** @throws AppError `not_found` */
  async respond(c: Context): Promise<Response> {
    const named = await this.#file(c.req.path);
    if (named === null && extname(c.req.path) in types)
      throw new AppError("not_found", "There is no such file.");
    const file = named ?? (await this.#file("/index.html"));
    if (file === null) {
      throw new AppError(
        "not_found",
        "The page is not built yet: run `npm run build`, or `npm start`, which builds it.",
      );
    }
    const hashed = file.path.includes(`${sep}assets${sep}`);
    c.header("Content-Type", types[extname(file.path)] ?? "application/octet-stream");
    c.header("Cache-Control", hashed ? "public, max-age=31536000, immutable" : "no-cache");
    if (file.path.endsWith(".html")) return c.body(await this.#withBase(file.path));
    if (hashed && compressible.has(extname(file.path))) {
      c.header("Vary", "Accept-Encoding");
      if (/\bgzip\b/.test(c.req.header("accept-encoding") ?? "")) {
        c.header("Content-Encoding", "gzip");
        return c.body(await this.#compressed(file.path));
      }
    }
    return c.body(new Uint8Array(await readFile(file.path)));
  }

  /** Files with a hash in their name never change, so each is compressed once. */
  async #compressed(path: string): Promise<Uint8Array<ArrayBuffer>> {
    const kept = this.#gzipped.get(path) ?? readFile(path).then(async (bytes) => await gzipOf(bytes));
    this.#gzipped.set(path, kept);
    kept.catch(() => this.#gzipped.delete(path));
    return new Uint8Array(await kept);
  }

  /** Everything in the page is addressed from its base, which only the server knows. */
  async #withBase(path: string): Promise<string> {
    return (await readFile(path, "utf8")).replace(/<base href="[^"]*" \/>/, this.#base);
  }

  async #file(path: string): Promise<{ path: string } | null> {
    const decoded = decodePath(path);
    if (decoded === null) return null;
    const full = join(this.#folder, normalize(decoded));
    if (!full.startsWith(this.#folder + sep)) return null;
    const found = await stat(full).catch(() => null);
    return found?.isFile() === true ? { path: full } : null;
  }
}

/** null for what is no text once decoded */
function decodePath(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return null;
  }
}
