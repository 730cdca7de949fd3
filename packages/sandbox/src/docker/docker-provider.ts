/**
 * Sandboxes as containers of a Docker engine (or Podman's Docker API). A container is ours when it carries the label of
 * this instance; any other is never touched.
 */
import { stat } from "node:fs/promises";
import type { Container } from "dockerode";
import { ConversationId } from "@openhands/protocol";
import {
  type HeldLimits,
  type Progress,
  type ProviderCheck,
  type Sandbox,
  SandboxError,
  type SandboxProvider,
  type SandboxSpec,
  type UsualImage,
} from "../sandbox.ts";
import { Console } from "./console.ts";
import { ContainerEvents } from "./container-events.ts";
import {
  type ContainerContext,
  containerName,
  containerOptions,
  conversationLabel,
  instanceLabel,
  specFingerprint,
  specLabel,
} from "./container-options.ts";
import { type ContainerUser, userOf } from "./container-user.ts";
import { DockerSandbox, removeContainer } from "./docker-sandbox.ts";
import { askEngine, connectEngine, type ConnectedEngine, reasonOf, statusOf } from "./engine.ts";
import { type EngineSearch, findEngineSocket } from "./engine-address.ts";
import { emptyFolder } from "./empty-folder.ts";
import { endAllProcesses } from "./end-all-processes.ts";
import { engineNotes, heldLimits } from "./engine-limits.ts";
import { ensureNetwork } from "./network.ts";
import { makeCacheFolder } from "./package-cache.ts";
import { RuntimeImages } from "./runtime-image.ts";
import { tarOfFolder } from "./tar-folder.ts";

export interface DockerOptions {
  /** where to look for the engine */
  readonly engine: EngineSearch;
  /** identifies this OPENHANDS_HOME: the value of the label that its containers carry */
  readonly instance: string;
  /** folder on the host with the Dockerfile of our own image */
  readonly runtimeFolder: string;
  /** used instead of our own image */
  readonly image?: string | undefined;
}

type OnProgress = (progress: Progress) => void;

interface Connection extends ConnectedEngine {
  readonly images: RuntimeImages;
  readonly events: ContainerEvents;
}

const startSeconds = 30;

export function createDockerProvider(options: DockerOptions): SandboxProvider {
  return new DockerProvider(options);
}

class DockerProvider implements SandboxProvider {
  readonly kind = "docker";
  readonly #options: DockerOptions;
  #connecting: Promise<Connection> | null = null;
  #networking: Promise<string> | null = null;

  constructor(options: DockerOptions) {
    this.#options = options;
  }

  async check(): Promise<ProviderCheck> {
    const late = AbortSignal.timeout(2500);
    const tooLate = new Promise<never>((_, reject) => {
      late.addEventListener("abort", () => reject(new SandboxError("The container engine does not answer.")));
    });
    try {
      const { traits } = await Promise.race([this.#reach(), tooLate]);
      return { ok: true, engine: traits.name, problem: null, notes: engineNotes(traits.limits) };
    } catch (error) {
      return { ok: false, engine: "Docker", problem: reasonOf(error), notes: [] };
    }
  }

  async prepare(image: string | null, onProgress: OnProgress): Promise<void> {
    await askEngine(this.#ensureImage(await this.#connect(), image, onProgress));
  }

  async usualImage(): Promise<UsualImage | null> {
    try {
      const { images } = await this.#connect();
      return await images.look(this.#options.image ?? null);
    } catch {
      // an engine that doesn't answer says so to whoever needs it
      return null;
    }
  }

  create(spec: SandboxSpec, onProgress: OnProgress): Promise<Sandbox> {
    return askEngine(this.#create(spec, onProgress));
  }

  adopt(spec: SandboxSpec): Promise<Sandbox | null> {
    return askEngine(this.#adopt(spec));
  }

  async list(): Promise<readonly ConversationId[]> {
    const { engine } = await this.#connect();
    const ours = { label: [`${instanceLabel}=${this.#options.instance}`] };
    const containers = await askEngine(engine.listContainers({ all: true, filters: ours }));
    return containers.flatMap(({ Labels }) => {
      const id = ConversationId.safeParse(Labels[conversationLabel]);
      return id.success ? [id.data] : [];
    });
  }

  remove(id: ConversationId): Promise<void> {
    return askEngine(this.#remove(id));
  }

  async emptyFolder(folder: string): Promise<void> {
    const connection = await this.#connect();
    const image = await askEngine(this.#ensureImage(connection, null, () => {}));
    await askEngine(emptyFolder(connection.engine, { folder, image, instance: this.#options.instance }));
  }

  async #create(spec: SandboxSpec, onProgress: OnProgress): Promise<Sandbox> {
    const connection = await this.#connect();
    const image = await this.#ensureImage(connection, spec.image, onProgress);
    onProgress({ status: "creating", message: "Making the container" });
    await makeCacheFolder(spec);
    const user = userOf(spec, await stat(spec.workspace), connection.traits);
    const network = spec.network === "on" ? await this.#ensureNetwork(connection) : null;
    const container = await this.#make(connection, spec, { image, user, network });
    try {
      if (user.uid !== 0) {
        await container.putArchive(tarOfFolder(user.home.slice(1), user), { path: "/" });
      }
      onProgress({ status: "starting", message: "Starting the container" });
      const { events, traits } = connection;
      return await start({
        id: spec.conversationId,
        container,
        user,
        events,
        limits: heldLimits(spec, traits.limits),
      });
    } catch (error) {
      await removeContainer(container);
      if (statusOf(error) === null) throw error;
      throw new SandboxError(`The container could not be started: ${reasonOf(error)}`, { cause: error });
    }
  }

  async #adopt(spec: SandboxSpec): Promise<Sandbox | null> {
    const { engine, traits, events } = await this.#connect();
    const container = engine.getContainer(containerName(spec.conversationId));
    const found = await inspectOurs(container, this.#options.instance);
    if (!found) return null;
    if (found.Config.Labels[specLabel] !== specFingerprint(spec)) {
      await removeContainer(container);
      return null;
    }
    const user = userOf(spec, await stat(spec.workspace), traits);
    try {
      const limits = heldLimits(spec, traits.limits);
      return await takeOver({ id: spec.conversationId, container, user, events, limits });
    } catch (error) {
      if (!(error instanceof SandboxError) && statusOf(error) === null) throw error;
      // one that can't be used, paused by someone perhaps, only stands in the way of the next
      await removeContainer(container);
      return null;
    }
  }

  async #remove(id: ConversationId): Promise<void> {
    const { engine } = await this.#connect();
    const container = engine.getContainer(containerName(id));
    if (await inspectOurs(container, this.#options.instance)) await removeContainer(container);
  }

  #ensureImage(connection: Connection, image: string | null, onProgress: OnProgress): Promise<string> {
    return connection.images.ensure(image ?? this.#options.image ?? null, onProgress);
  }

  /** Conversations that start at the same time wait for the same network. */
  #ensureNetwork({ engine }: Connection): Promise<string> {
    this.#networking ??= ensureNetwork(engine).finally(() => {
      this.#networking = null;
    });
    return this.#networking;
  }

  /** Makes the container, in the place of an older one of ours. */
  async #make(
    { engine, traits }: Connection,
    spec: SandboxSpec,
    made: Pick<ContainerContext, "image" | "user" | "network">,
  ): Promise<Container> {
    const settings = containerOptions(spec, { instance: this.#options.instance, traits, ...made });
    try {
      return await engine.createContainer(settings);
    } catch (error) {
      if (statusOf(error) !== 409) {
        throw new SandboxError(`The container could not be made: ${reasonOf(error)}`, { cause: error });
      }
    }
    const name = containerName(spec.conversationId);
    const older = engine.getContainer(name);
    if (!(await inspectOurs(older, this.#options.instance))) {
      throw new SandboxError(
        `A container named ${name} that belongs to someone else is in the way: rename or remove it.`,
      );
    }
    await removeContainer(older);
    return engine.createContainer(settings);
  }

  /** Like connect, and makes sure that the engine still answers. */
  async #reach(): Promise<Connection> {
    const connection = await this.#connect();
    try {
      await connection.engine.ping();
      return connection;
    } catch {
      this.#connecting = null;
      return this.#connect();
    }
  }

  #connect(): Promise<Connection> {
    this.#connecting ??= this.#open().catch((error: unknown) => {
      // the next caller tries again: an engine may be started at any time
      this.#connecting = null;
      throw error;
    });
    return this.#connecting;
  }

  async #open(): Promise<Connection> {
    const connected = await connectEngine(await findEngineSocket(this.#options.engine));
    const { engine } = connected;
    return {
      ...connected,
      images: new RuntimeImages(engine, this.#options.runtimeFolder),
      events: new ContainerEvents(engine, this.#options.instance),
    };
  }
}

/** What is needed to bring a container to life. */
interface Start {
  readonly id: ConversationId;
  readonly container: Container;
  readonly user: ContainerUser;
  readonly events: ContainerEvents;
  readonly limits: HeldLimits;
}

/** @throws SandboxError with exit code and last lines where it ended at once */
async function start(given: Start, attached?: Console): Promise<Sandbox> {
  const { container } = given;
  const console = attached ?? (await Console.attach(container));
  await container.start();
  const late = setTimeout(() => console.close(), startSeconds * 1000);
  const ready = await console.ready;
  clearTimeout(late);
  const { State } = await container.inspect();
  if (ready) return inContainer(given, console, State.StartedAt);
  const logTail = console.tail.toString();
  if (State.Running) throw new SandboxError(`The container said nothing for ${startSeconds} s.`, { logTail });
  throw new SandboxError(`The container ended at once with exit code ${State.ExitCode}.`, {
    exitCode: State.ExitCode,
    logTail,
  });
}

/**
 * Whether it runs is asked once its console is attached: one that someone restarts just now says that it is ready only
 * once, to whoever listens.
 */
async function takeOver(given: Start): Promise<Sandbox> {
  const { container, user } = given;
  const console = await Console.attach(container);
  const { State } = await container.inspect();
  if (!State.Running) return start(given, console);
  await endAllProcesses(container, user);
  return inContainer(given, console, State.StartedAt);
}

function inContainer({ id, user, ...rest }: Start, console: Console, startedAt: string): Sandbox {
  const owner = `${user.uid}:${user.gid}`;
  return new DockerSandbox(id, { ...rest, console, user: owner, startedAt });
}

/** null where there is no such container, or it is not this instance's. */
async function inspectOurs(
  container: Container,
  instance: string,
): Promise<Awaited<ReturnType<Container["inspect"]>> | null> {
  try {
    const found = await container.inspect();
    return found.Config.Labels[instanceLabel] === instance ? found : null;
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}
