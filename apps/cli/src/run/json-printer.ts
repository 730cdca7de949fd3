import type { Printer, Write } from "./printer.ts";

/** Each stored event as one line of JSON, as it is in the log. */
export const jsonPrinter = (write: Write): Printer => ({
  event: (event) => write(`${JSON.stringify(event)}\n`),
  transient: () => undefined,
});
