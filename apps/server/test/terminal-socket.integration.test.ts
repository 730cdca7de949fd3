/** The person's own shell in a sandbox: typed into, resized, left and come back to. */
import { connectTerminal, type TerminalConnection } from "@openhands/client";
import { socketClose, type TerminalNotice } from "@openhands/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { runtimes, type ScriptedServer, startScriptedServer } from "./scripted-server.ts";

let scripted: ScriptedServer;
let id: string;

interface Seen extends TerminalConnection {
  /** Resolves with all that was shown once it fits. */
  shows(expected: RegExp): Promise<string>;
  readonly notices: readonly TerminalNotice[];
  readonly session: Promise<string>;
  readonly closed: Promise<number>;
}

function connect(session?: string): Seen {
  let shown = "";
  const notices: TerminalNotice[] = [];
  const waiting = new Set<() => void>();
  const told = Promise.withResolvers<string>();
  const closed = Promise.withResolvers<number>();
  const connection = connectTerminal({
    client: scripted.server.client,
    conversationId: id,
    columns: 91,
    rows: 27,
    session,
    onBytes: (bytes) => {
      shown = (shown + new TextDecoder().decode(bytes)).slice(-10_000);
      for (const check of waiting) check();
    },
    onNotice: (notice) => {
      notices.push(notice);
      if (notice.type === "session") told.resolve(notice.session);
    },
    onClose: closed.resolve,
  });
  const shows = async (expected: RegExp): Promise<string> =>
    await new Promise((resolve) => {
      const check = (): void => {
        if (expected.test(shown)) resolve(shown);
      };
      waiting.add(check);
      check();
    });
  return { ...connection, shows, notices, session: told.promise, closed: closed.promise };
}

describe.each(runtimes)("in %s", (runtime) => {
  beforeAll(async () => {
    scripted = await startScriptedServer({ runtime });
    ({ id } = await scripted.server.client.conversations.create());
  });

  afterAll(async () => await scripted[Symbol.asyncDispose]());

  it("is a real terminal in the workspace, of the size that was asked for and then of another", async () => {
    const terminal = connect();
    terminal.write("stty size; pwd; test -t 0 && echo on a t''ty; echo $TERM\n");
    await terminal.shows(/27 91\r\n\/workspace\r\non a tty\r\nxterm-256color/);
    terminal.resize(60, 10);
    terminal.write("stty size\n");
    await terminal.shows(/10 60\r\n/);
    terminal.write("exit 3\n");
    expect(await terminal.closed).toBe(1000);
    expect(terminal.notices.at(-1)).toEqual({ type: "exit", code: 3 });
  });

  it("several are open at once; one that was left goes on, and shows who comes back what was on its screen", async () => {
    const [first, second] = [connect(), connect()];
    expect(await first.session).not.toBe(await second.session);
    first.write("name=first; printf '\\033[31mred\\033[0m and mo''re\\n'\n");
    await first.shows(/and more/);
    second.write("echo $name-second\n");
    await second.shows(/[\r\n]-second/);
    first.close();
    await first.closed;
    const back = connect(await first.session);
    expect(await back.shows(/and more/)).toContain("\u001b[31mred");
    expect(back.notices).toEqual([{ type: "session", session: await first.session, restored: true }]);
    back.write("echo still $name\n");
    await back.shows(/still first/);
    // two look at the same one
    const beside = connect(await first.session);
    await beside.shows(/still first/);
    beside.write("echo from be''side\n");
    await back.shows(/from beside/);
    for (const terminal of [back, second]) terminal.write("exit\n");
    for (const { closed } of [back, beside, second]) expect(await closed).toBe(1000);
  });

  it("an output of many megabytes comes through to its end", async () => {
    const terminal = connect();
    terminal.write("yes 0123456789012345678901234567890123456789 | head -c 4000000; echo all do''ne; exit\n");
    await terminal.shows(/all done/);
    await terminal.closed;
  });

  it("ends with its sandbox; the next one has a fresh one", async () => {
    const terminal = connect();
    terminal.write("echo re''ady\n");
    await terminal.shows(/ready/);
    await scripted.server.client.suspend(id);
    expect(await terminal.closed).toBe(1000);
    const next = connect(await terminal.session);
    expect(await next.session).not.toBe(await terminal.session);
    next.write("exit\n");
    expect(await next.closed).toBe(1000);
  });

  it("asks for access as the socket of events does, and refuses one terminal too many", async () => {
    const { url, key } = scripted.server;
    const closeCode = async (path: string, first = "{}"): Promise<number> =>
      await new Promise((resolve) => {
        const socket = new WebSocket(`${url.replace("http", "ws")}${path}`);
        socket.on("open", () => socket.send(first));
        socket.on("close", resolve);
      });
    expect(await closeCode(`/sockets/terminal/${id}`)).toBe(socketClose.access);
    expect(await closeCode(`/sockets/terminal/${id}`, "\u0000\u0001")).toBe(socketClose.access);
    expect(await closeCode(`/sockets/terminal/${"a".repeat(32)}?session_api_key=${key}`)).toBe(
      socketClose.unknown,
    );
    const open = Array.from({ length: 9 }, () => connect());
    expect(await Promise.any(open.map(async ({ closed }) => await closed))).toBe(socketClose.tooSlow);
    for (const terminal of open) terminal.close();
  });
});
