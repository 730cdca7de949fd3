/** A socket that stands before the container engine's own, so that a test can take the engine away and bring it back. */
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

export interface EngineLink extends AsyncDisposable {
  /** for DOCKER_HOST */
  readonly dockerHost: string;
  /** Nothing listens any more and every connection breaks off. */
  cut(): Promise<void>;
  mend(): Promise<void>;
}

/** @param engineSocket path of the engine's own socket */
export async function linkToEngine(path: string, engineSocket: string): Promise<EngineLink> {
  const sockets = new Set<Socket>();
  let server: Server;

  function pass(near: Socket): void {
    const far = connect({ path: engineSocket, allowHalfOpen: true });
    near.pipe(far).pipe(near);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.once("close", () => sockets.delete(socket) && other.destroy());
    }
  }

  async function mend(): Promise<void> {
    server = createServer({ allowHalfOpen: true }, pass).listen(path);
    await once(server, "listening");
  }

  async function cut(): Promise<void> {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await closed;
  }

  await mend();
  return { dockerHost: `unix://${path}`, cut, mend, [Symbol.asyncDispose]: cut };
}
