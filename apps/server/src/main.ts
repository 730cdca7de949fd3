/** `openhands start`: the process around a server. */
import { AppError } from "@openhands/protocol";
import { type Config, readConfig, usage } from "./config.ts";
import { closeInheritedFiles } from "./inherited-files.ts";
import { type RunningServer, startServer, stopSeconds } from "./start.ts";
import { onStopSignals } from "./stop-signals.ts";

/** Runs until a signal; the process then ends with 0, or with 1 where it could not start. */
export async function main(argv: readonly string[]): Promise<void> {
  // Who reads the link and goes (`npm start | head -1`), or a full disk behind the output, ends no server.
  for (const output of [process.stdout, process.stderr]) output.on("error", () => undefined);
  try {
    const config = readConfig(argv, process.env);
    if (config.help) {
      process.stdout.write(usage);
      return;
    }
    closeInheritedFiles();
    const starting = startServer(config);
    stopOnSignals(starting);
    const server = await starting;
    outliveLostWork(server);
    await greet(config, server);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

async function greet(config: Config, server: RunningServer): Promise<void> {
  const { settings, runtimes, warnings } = server.parts;
  for (const warning of warnings()) process.stderr.write(`${warning}\n`);
  const model = settings.effectiveModel().name;
  process.stdout.write(`OpenHands is ready: ${server.link}\n`);
  if (model === "demo/tour") {
    process.stdout.write(
      "No model is set, so the demonstration model answers: put a model and a key into the settings.\n",
    );
  }
  const choice = await runtimes.choice();
  process.stdout.write(
    `Sandboxes: ${choice.check.ok ? choice.check.engine : "none"}.${choice.message === null ? "" : ` ${choice.message}`}\n`,
  );
  if (config.open) {
    const { openInBrowser } = await import("./open-in-browser.ts");
    openInBrowser(server.link);
  }
}

/** A mistake of ours in work that nobody waits for is told, and ends nobody's conversation. */
function outliveLostWork({ parts: { logger } }: RunningServer): void {
  process.on("unhandledRejection", (error) => {
    logger.error({ err: error }, "work that nobody waited for has failed");
  });
}

/** The first signal stops in order, with a deadline, also a server that only starts; a second one at once. */
function stopOnSignals(starting: Promise<RunningServer>): void {
  const first = (): void => {
    const deadline = setTimeout(() => process.exit(1), stopSeconds * 1000);
    deadline.unref();
    void starting.then(stopInOrder, () => undefined);
  };
  onStopSignals(process, { first, again: () => process.exit(0), now: () => performance.now() });
}

async function stopInOrder(server: RunningServer): Promise<void> {
  try {
    await server.stop();
    process.exit(0);
  } catch (error) {
    server.parts.logger.error({ err: error }, "the server did not stop in order");
    process.exit(1);
  }
}
