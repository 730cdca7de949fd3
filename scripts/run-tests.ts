/**
 * The checks behind `npm test`, on the project's own Node: engines first, then types, lint, format, then every test.
 * `npm test -- --project unit PATH` runs a part of the tests and none of the rest.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { ensureBaseImage } from "./engine/ensure-base-image.ts";
import { ensureEngine } from "./engine/ensure-engine.ts";
import { ensureRuntimeImage } from "./engine/ensure-runtime-image.ts";
import { enginePackages, installPackages } from "./engine/install-packages.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
/** The long suites run only when they are asked for. */
const usualProjects = ["unit", "integration", "browser"].flatMap((project) => ["--project", project]);
const checks = ["types", "lint", "format:check"];

const Report = z.looseObject({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
});

const part = process.argv.slice(2);
await installPackages(enginePackages);
const engine = await ensureEngine(process.env["DOCKER_HOST"]);
try {
  await ensureBaseImage(engine.dockerHost, join(root, "runtime"));
  await ensureRuntimeImage(engine.dockerHost, join(root, "runtime"));
  const checked = part.length > 0 || (await checksPass());
  const tested = await testsPass(engine.dockerHost);
  process.exitCode = checked && tested ? 0 : 1;
} finally {
  await engine.stop();
}

async function checksPass(): Promise<boolean> {
  let pass = true;
  for (const check of checks) {
    console.log(`\n${check}`);
    pass = (await run("npm", ["run", "--silent", check], {})) && pass;
  }
  return pass;
}

/** A test that was left out counts as failed: nothing is skipped. */
async function testsPass(dockerHost: string): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), "openhands-report-"));
  try {
    const file = join(folder, "report.json");
    const chosen = part.length > 0 ? part : usualProjects;
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
    const passed = await run("npx", ["vitest", "run", ...reporters, ...chosen], { DOCKER_HOST: dockerHost });
    const report = Report.parse(JSON.parse(await readFile(file, "utf8")));
    const skipped = report.numPendingTests + report.numTodoTests;
    console.log(`${report.numPassedTests} passed, ${report.numFailedTests} failed, ${skipped} skipped`);
    return passed && (part.length > 0 || skipped === 0);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function run(command: string, args: readonly string[], env: Record<string, string>): Promise<boolean> {
  const child = spawn(command, args, { cwd: root, stdio: "inherit", env: { ...process.env, ...env } });
  const [code] = await once(child, "exit");
  return code === 0;
}
