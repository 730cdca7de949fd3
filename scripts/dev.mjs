/** `npm run dev`: the server on 3000 and the page with hot reload on 3001. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { installIfNeeded } from "./lib/install.mjs";
import { environment, root } from "./lib/run.mjs";

installIfNeeded();
const pagePort = "3001";
const node = join(root, "node_modules", ".bin", "node");
const server = spawn(node, ["apps/cli/bin/openhands.mjs", "start", ...process.argv.slice(2)], {
  cwd: root,
  env: environment,
  stdio: ["inherit", "pipe", "inherit"],
});
const children = [server];
const stop = () => children.forEach((child) => child.kill("SIGTERM"));
process.on("SIGINT", stop);
process.on("SIGTERM", stop);
server.on("exit", (code) => {
  process.exitCode = code ?? 1;
  stop();
});

for await (const line of createInterface({ input: server.stdout })) {
  const link = /^OpenHands is ready: (\S+)/.exec(line)?.[1];
  if (link === undefined) {
    process.stdout.write(`${line}\n`);
    continue;
  }
  const url = new URL(link);
  const page = spawn(
    node,
    [join(root, "node_modules", "vite", "bin", "vite.js"), "--port", pagePort, "--strictPort"],
    {
      cwd: join(root, "apps", "web"),
      env: { ...environment, OPENHANDS_SERVER_URL: url.origin },
      stdio: "inherit",
    },
  );
  children.push(page);
  page.on("exit", stop);
  url.hostname = "localhost";
  url.port = pagePort;
  process.stdout.write(`OpenHands is ready: ${url.href}\n`);
}
