import { Agent } from "node:http";
import type { Duplex } from "node:stream";

type Done = (error: Error | null, stream: Duplex) => void;

/** as many as a browser opens to one host */
const mostConnections = 6;

/**
 * Connections to one port of a sandbox. Each is a process in there, so they are used again, and few are kept for later.
 * What Node does to sockets while nobody uses them (timers, references) such a connection does not know.
 */
export class RelayAgent extends Agent {
  readonly #connect: () => Promise<Duplex>;

  constructor(connect: () => Promise<Duplex>) {
    super({ keepAlive: true, maxSockets: mostConnections, maxFreeSockets: 2 });
    this.#connect = connect;
  }

  override createConnection(_options: unknown, done?: Done): undefined {
    void this.#open(done ?? (() => undefined));
    return undefined;
  }

  async #open(done: Done): Promise<void> {
    let link: Duplex;
    try {
      link = await this.#connect();
    } catch (error) {
      // Node looks at the stream only where there is no error
      Reflect.apply(done, null, [error]);
      return;
    }
    done(null, link);
  }

  override keepSocketAlive(): boolean {
    return true;
  }

  override reuseSocket(): void {
    // nothing to wake
  }
}
