/**
 * Images: our own is built once from the runtime folder and named by the hash of its content, so that a changed folder
 * is a new image and an unchanged one is never built again; any other is used where present, else pulled. An image that
 * is present asks nothing of any registry.
 */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Progress, SandboxError, type UsualImage } from "../sandbox.ts";
import { buildReader, followEngine, pullReader } from "./build-progress.ts";
import { type Engine, reasonOf, statusOf } from "./engine.ts";

type OnProgress = (progress: Progress) => void;

interface Work {
  readonly done: Promise<void>;
  readonly audience: Audience;
}

/** Whoever waits for the same image; who comes later is told the last word first. */
class Audience {
  readonly #listeners = new Set<OnProgress>();
  #last: Progress | null = null;

  readonly tell: OnProgress = (progress) => {
    this.#last = progress;
    for (const listener of this.#listeners) listener(progress);
  };

  join(listener: OnProgress): void {
    this.#listeners.add(listener);
    if (this.#last) listener(this.#last);
  }
}

export class RuntimeImages {
  readonly #engine: Engine;
  readonly #folder: string;
  /** by image name; callers at the same time share the work */
  readonly #working = new Map<string, Work>();

  /** @param folder with our Dockerfile */
  constructor(engine: Engine, folder: string) {
    this.#engine = engine;
    this.#folder = folder;
  }

  /**
   * Gets an image ready and returns its name.
   * @param image null: our own
   * @throws SandboxError
   */
  async ensure(image: string | null, onProgress: OnProgress): Promise<string> {
    const name = image ?? (await ownImageName(this.#folder));
    if (await this.#isPresent(name)) return name;
    const work = this.#working.get(name) ?? this.#start(name, image === null);
    work.audience.join(onProgress);
    await work.done;
    return name;
  }

  /** @param image null: our own */
  async look(image: string | null): Promise<UsualImage> {
    const name = image ?? (await ownImageName(this.#folder));
    const present = await this.#isPresent(name);
    return { name, state: present ? "present" : this.#working.has(name) ? "preparing" : "missing" };
  }

  async #isPresent(name: string): Promise<boolean> {
    if (!/^[\w][\w.:/@-]*$/.test(name)) throw new SandboxError(`"${name}" is no name of an image.`);
    try {
      await this.#engine.getImage(name).inspect();
      return true;
    } catch (error) {
      if (statusOf(error) === 404) return false;
      throw error;
    }
  }

  #start(name: string, own: boolean): Work {
    const audience = new Audience();
    const ready = own ? this.#build(name, audience.tell) : this.#pull(name, audience.tell);
    const work = { audience, done: ready.finally(() => this.#working.delete(name)) };
    this.#working.set(name, work);
    return work;
  }

  async #build(name: string, tell: OnProgress): Promise<void> {
    tell({ status: "preparing_image", message: "Building the sandbox image", progress: 0 });
    const stream = await this.#engine.buildImage(
      { context: this.#folder, src: await filesIn(this.#folder) },
      { t: name, forcerm: true, labels: { "openhands.image": "runtime" } },
    );
    const dockerfile = await readFile(join(this.#folder, "Dockerfile"), "utf8");
    const { error, logTail } = await followEngine(stream, buildReader(dockerfile), tell);
    if (error !== null) throw buildFailure(error, dockerfile, logTail);
  }

  async #pull(name: string, tell: OnProgress): Promise<void> {
    tell({ status: "preparing_image", message: `Downloading ${name}`, progress: null });
    // without a tag the engine would pull every one there is
    const tagged = /[:@][^/]*$/.test(name) ? name : `${name}:latest`;
    const failed = (reason: string, cause?: unknown): SandboxError =>
      new SandboxError(`The image ${name} is not on this machine and could not be downloaded: ${reason}`, {
        cause,
      });
    const stream: NodeJS.ReadableStream = await this.#engine.pull(tagged).catch((cause: unknown) => {
      throw failed(reasonOf(cause), cause);
    });
    const { error } = await followEngine(stream, pullReader(name), tell);
    if (error !== null) throw failed(error);
  }
}

/** Before its first step is done, what a build lacks is the image that it begins with. */
function buildFailure(error: string, dockerfile: string, logTail: string): SandboxError {
  const base = /^FROM\s+(\S+)/m.exec(dockerfile)?.[1] ?? "its base";
  const baseMissing = !/^Step 2\//m.test(logTail) && /^(Get |pull access|manifest|Head )/.test(error);
  const what = baseMissing
    ? `its base ${base} is not on this machine and could not be downloaded (${error}). Check the connection to the registry, or load that image by hand, then try again.`
    : error;
  return new SandboxError(`The sandbox image could not be built: ${what}`, { logTail });
}

/** Paths relative to the folder, in the order of their names. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length).replace(/^\/+/, ""))
    .toSorted();
}

/** `openhands-runtime:<hash of the folder's content>` */
export async function ownImageName(folder: string): Promise<string> {
  const hash = createHash("sha256");
  for (const path of await filesIn(folder)) {
    const content = await readFile(join(folder, path));
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return `openhands-runtime:${hash.digest("hex").slice(0, 12)}`;
}
