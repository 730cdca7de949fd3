/** A server to work with: the one that runs on the home, else one of this process's own for as long as it is needed. */
import type { Environment } from "./commands/command.ts";
import { connectDirectly, type DirectConnection } from "./connect-directly.ts";
import { layoutOf, sessionKeyOf } from "./home.ts";
import { findRunningServer } from "./running-server.ts";

export interface ReachedServer extends DirectConnection, AsyncDisposable {
  /** it is this process's own, and ends with it */
  readonly isOwn: boolean;
}

export interface ReachOptions {
  /** an own one puts right what an earlier one left once this has resolved; default: at once; null: not at all */
  readonly reconcileAfter?: Promise<void> | null;
}

/** @throws AppError when the home can't be used */
export async function reachServer(
  environment: Environment,
  options: ReachOptions = {},
): Promise<ReachedServer> {
  const running = await findRunningServer(environment);
  if (running === null) return await startOwn(environment, options);
  return { ...running, isOwn: false, [Symbol.asyncDispose]: () => Promise.resolve() };
}

async function startOwn(environment: Environment, options: ReachOptions): Promise<ReachedServer> {
  const { readConfig, startServer } = await import("@openhands/server");
  const server = await startServer(readConfig([], ownEnvironment(environment)), options);
  const sessionApiKey = await sessionKeyOf(environment);
  return {
    ...(await connectDirectly({ url: server.url, certificate: null }, sessionApiKey)),
    isOwn: true,
    [Symbol.asyncDispose]: async () => await server.stop(),
  };
}

/** Reachable for commands beside this one and for nobody else; nothing made ahead, nothing taken up again unasked. */
function ownEnvironment(environment: Environment): Environment {
  return {
    ...environment,
    OPENHANDS_HOME: layoutOf(environment).home,
    HOST: "127.0.0.1",
    PORT: "0",
    TLS_CERT: "",
    TLS_KEY: "",
    BASE_PATH: "",
    OPENHANDS_POOL_SIZE: "0",
    OPENHANDS_AUTO_RESUME: "0",
    LOG_LEVEL: environment["LOG_LEVEL"] ?? "silent",
  };
}
