/**
 * The connection to a container engine. dockerode (0.2 s to load) is loaded here, at the first use, and nowhere else;
 * other files name only its types.
 */
import type Docker from "dockerode";
import { SandboxError } from "../sandbox.ts";
import { EngineLimits } from "./engine-limits.ts";

export type Engine = Docker;

/** What differs between engines. */
export interface EngineTraits {
  /** e.g. "Docker 28.2.2" */
  readonly name: string;
  /** Inside its containers uid 0 is the person who runs the engine. */
  readonly rootless: boolean;
  readonly podman: boolean;
  readonly limits: EngineLimits;
}

export interface ConnectedEngine {
  readonly engine: Engine;
  readonly traits: EngineTraits;
}

/**
 * @param socketPath of the engine
 * @throws SandboxError when no engine answers there
 */
export async function connectEngine(socketPath: string): Promise<ConnectedEngine> {
  const { default: Dockerode } = await import("dockerode");
  // an empty host keeps the library from taking one out of the environment
  const engine = new Dockerode({ socketPath, host: "", protocol: "http" });
  try {
    const [version, info] = await Promise.all([engine.version(), engine.info()]);
    const podman = (version.Components ?? []).some((component) => component.Name.startsWith("Podman"));
    const security: unknown = info.SecurityOptions;
    const rootless =
      Array.isArray(security) && security.some((option) => String(option).includes("rootless"));
    return {
      engine,
      traits: {
        name: `${podman ? "Podman" : "Docker"} ${version.Version}`,
        rootless,
        podman,
        limits: EngineLimits.parse(info),
      },
    };
  } catch (cause) {
    throw new SandboxError(unreachable(socketPath, cause), { cause });
  }
}

function unreachable(socketPath: string, cause: unknown): string {
  const code = cause instanceof Error && "code" in cause ? cause.code : null;
  if (code === "EACCES") {
    return `You may not use the container engine at ${socketPath}: add yourself to the group that owns it (often "docker") and sign in again.`;
  }
  return `No container engine answers at ${socketPath}: is it running?`;
}

/** The HTTP status with which the engine refused, or null where it is no refusal of the engine. */
export function statusOf(error: unknown): number | null {
  return error instanceof Error && "statusCode" in error && typeof error.statusCode === "number"
    ? error.statusCode
    : null;
}

/** Whether the connection to the engine could not be made, or broke off. */
function isBrokenConnection(error: unknown): boolean {
  if (!(error instanceof Error && "code" in error)) return false;
  const couldNotConnect = "syscall" in error && error.syscall === "connect";
  return couldNotConnect || error.code === "ECONNRESET" || error.code === "EPIPE";
}

/** A failure of the engine as a SandboxError; any other is a bug and stays what it is. */
export function engineFailure(error: unknown): unknown {
  if (error instanceof SandboxError) return error;
  if (statusOf(error) !== null) {
    return new SandboxError(`The container engine refused: ${reasonOf(error)}`, { cause: error });
  }
  if (!isBrokenConnection(error)) return error;
  return new SandboxError("The container engine does not answer any more: is it still running?", {
    cause: error,
  });
}

/** Waits for the engine's answer. @throws SandboxError where it refuses or is gone */
export async function askEngine<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    throw engineFailure(error);
  }
}

/** What the engine said, without the library's frame around it. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^\(HTTP code \d+\) [^-]*- /, "").trim();
}
