import { once } from "node:events";
import { createServer } from "node:net";
import { readServerFile } from "@openhands/store";
import { type Check, ok, problem } from "../check.ts";

export const portCheck: Check = {
  name: "port",
  run: async ({ config: { host, port }, layout, fetch: ask }) => {
    const code = await listenFailure(host, port);
    if (code === null) return [ok(`Port ${port} on ${host} is free.`)];
    const running = await readServerFile(layout).catch(() => null);
    if (running !== null && Number(new URL(running.url).port) === port) {
      const alive = await ask(`${running.url}/health`, { signal: AbortSignal.timeout(3000) }).then(
        (response) => response.ok,
        () => false,
      );
      if (alive) return [ok(`A server of this home listens at ${running.url}.`)];
    }
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
