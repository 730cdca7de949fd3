/** The port that rooms log through, and its pino behind it. What is logged passes the redactor first. */
import type { Redactor } from "@openhands/store";

export interface Logger {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** JSON lines on stderr, so that stdout carries only what a script may want to read. Silent, it loads no library. */
export async function createLogger(level: string, redactor: Redactor): Promise<Logger> {
  if (level === "silent") return silent;
  const { pino } = await import("pino");
  const destination = pino.destination({ dest: 2, sync: false });
  const logger: Logger = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    { write: (line: string) => void destination.write(redactor.text(line)) },
  );
  return logger;
}
