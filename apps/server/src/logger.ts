/** The port that rooms log through, and its pino behind it. What is logged passes the redactor first. */
import type { Redactor } from "@openhands/store";
import pino from "pino";

export interface Logger {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** JSON lines on stderr, so that stdout carries only what a script may want to read. */
export function createLogger(level: string, redactor: Redactor): Logger {
  const destination = pino.destination({ dest: 2, sync: false });
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    { write: (line: string) => void destination.write(redactor.text(line)) },
  );
}
