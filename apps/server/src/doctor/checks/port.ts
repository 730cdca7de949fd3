import { once } from "node:events";
import { createServer } from "node:net";
import { isHomeOwned, readServerFile } from "@openhands/store";
import { type Check, ok, problem } from "../check.ts";

export const portCheck: Check = {
  name: "port",
  run: async ({ config: { host, port }, layout }) => {
    const code = await listenFailure(host, port);
    if (code === null) return [ok(`Port ${port} on ${host} is free.`)];
    const running = await readServerFile(layout).catch(() => null);
    // one that was killed has left its address behind
    if (running !== null && portOf(running.url) === port && (await isHomeOwned(layout)))
      return [ok(`A server of this home listens at ${running.url}.`)];
    if (code === "EADDRINUSE") {
      return [
        problem(
          `Port ${port} on ${host} is in use.`,
          "Stop what uses it, or choose another with --port or PORT.",
        ),
      ];
    }
    if (code === "EACCES") {
      return [problem(`Port ${port} needs more rights.`, "Choose one above 1023 with --port or PORT.")];
    }
    return [
      problem(`Nothing can listen on ${host}:${port} (${code}).`, "Set HOST to an address of this machine."),
    ];
  },
};

function portOf(url: string): number {
  const { port, protocol } = new URL(url);
  return port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
}

/** The system's code, or null where it can be listened there. */
async function listenFailure(host: string, port: number): Promise<string | null> {
  const server = createServer();
  try {
    server.listen({ host, port });
    await once(server, "listening");
    return null;
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : "unknown";
  } finally {
    server.close();
  }
}
