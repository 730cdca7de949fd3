/** Where a command prints to. A reader that goes away (a closed pipe, a terminal that is gone) is no failure. */
import type { Write } from "./run/printer.ts";

/** @param onGone called once when nothing can be written any more; what comes from then on is dropped */
export function writeTo(stream: NodeJS.WriteStream, onGone: (error: Error) => void): Write {
  let open = true;
  stream.on("error", (error) => {
    if (open) onGone(error);
    open = false;
  });
  return (text) => {
    if (open) stream.write(text);
  };
}

/** For a command that does nothing but print: who reads has seen enough, or the disk that it prints to is full. */
export function leave(error: Error): never {
  if ("code" in error && error.code === "EPIPE") process.exit();
  process.stderr.write(`What is printed can't be written: ${error.message}\n`);
  process.exit(1);
}

/** https://no-color.org: a terminal, and nobody asked for none */
export function showsColours(
  stream: NodeJS.WriteStream,
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  return stream.isTTY && (environment["NO_COLOR"] ?? "") === "" && environment["TERM"] !== "dumb";
}
