/** Running other programs: the project's own Node, and steps whose output matters only when they fail. */
import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));
const binaries = join(root, "node_modules", ".bin");

/** The project's own programs come first; what they compiled is kept for the next start. */
export const environment = {
  ...process.env,
  PATH: `${binaries}${delimiter}${process.env.PATH ?? ""}`,
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(root, "node_modules", ".cache", "node-compile"),
};

/** This process is the pinned one, whatever PATH it was found by. */
export const isProjectsNode = () => {
  const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return process.versions.node === dependencies.node;
};

/** A step that must succeed: its output is shown when it fails. */
export function step(label, command, args) {
  const failure = attempt(label, command, args);
  if (failure === null) return;
  process.stderr.write(`${failure}\n${label}: failed. The lines above say why.\n`);
  process.exit(1);
}

/** A step that may fail. @returns what it said then, else null */
export function attempt(label, command, args) {
  process.stderr.write(`${label}\n`);
  const result = spawnSync(command, args, {
    cwd: root,
    env: environment,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (result.status === 0) return null;
  return result.error ? result.error.message : `${result.stdout}\n${result.stderr}`;
}

/** A Ctrl-C in a terminal reaches the child by itself; passed on once more it would count as the second one. */
function passSignals(child) {
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  process.on("SIGINT", () => {
    if (!process.stdin.isTTY) child.kill("SIGINT");
  });
}

/** Whoever started this is gone without a word (kill -9): then nobody waits for the child either. */
function stopWithParent(child) {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid !== parent) child.kill("SIGTERM");
  }, 500);
  watch.unref();
}

/** Runs the project's Node with `args`, passing signals on. @returns the exit code */
export async function runNode(args, { stdio = "inherit", cwd = root } = {}) {
  const child = spawn(join(binaries, "node"), args, { cwd, env: environment, stdio });
  passSignals(child);
  stopWithParent(child);
  return await new Promise((resolve) => {
    child.on("error", (error) => {
      process.stderr.write(
        `The project's own Node can't be started: ${error.message}. Run \`npm ci\` and try again.\n`,
      );
      resolve(1);
    });
    child.on("exit", (code) => resolve(code ?? 1));
  });
}
