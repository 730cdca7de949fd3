/** What a server has loaded when it says that it is ready: nothing that is for later. Counted, not timed. */
import { temporaryHome } from "@openhands/testing";
import { expect, it } from "vitest";
import { startServerProcess } from "./server-process.ts";

/**
 * Tells on stderr, with each line that the server prints, which packages were loaded before it. A file of the program
 * that was put together holds parts of several, which its map names.
 */
const teller = `
  import { existsSync, readFileSync } from "node:fs";
  import { registerHooks } from "node:module";
  import { fileURLToPath } from "node:url";
  const packages = new Set();
  const partsOf = (url) => {
    const map = url.startsWith("file:") ? fileURLToPath(url) + ".map" : "";
    if (!existsSync(map)) return [url];
    return JSON.parse(readFileSync(map, "utf8")).sources.map((source) => new URL(source, url).href);
  };
  registerHooks({ load: (url, context, next) => {
    for (const part of partsOf(url)) {
      const name = /.*\\/node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(part)?.[1];
      if (name !== undefined) packages.add(name);
    }
    return next(url, context);
  } });
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = (line, ...rest) => {
    process.stderr.write("loaded before " + line.split(/[ :]/)[0] + ": " + [...packages].join(" ") + "\\n");
    return write(line, ...rest);
  };`;

/** The engine's client and what comes with it; providers of models; terminals, and what draws them. */
const forLater = /^(dockerode|docker-modem|ssh2|@grpc\/.*|@ai-sdk\/.*|@lydell\/.*|@xterm\/.*)$/;

it("nothing of an engine, a model or a terminal is loaded before the server listens", async () => {
  await using home = await temporaryHome();
  const env = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(teller)}` };
  await using server = await startServerProcess({ home: home.path, runtime: "auto", env });
  const loadedBefore = (word: string): string[] =>
    new RegExp(`^loaded before ${word}: (.*)$`, "m").exec(server.log())?.[1]?.split(" ") ?? [];
  // the line after the engine was asked: what is looked for would be seen
  await expect.poll(() => loadedBefore("Sandboxes")).toContain("dockerode");
  const first = loadedBefore("OpenHands");
  expect(first).toContain("pino");
  expect(first.filter((name) => forLater.test(name))).toEqual([]);
});
