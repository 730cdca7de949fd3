/** Where a run is printed to. A reader that goes away (a closed pipe, a terminal that is gone) is no failure. */
import type { Write } from "./run/printer.ts";

/** @param onGone called once when nobody reads any more; what is written from then on is dropped */
export function writeTo(stream: NodeJS.WriteStream, onGone: () => void): Write {
  let open = true;
  stream.on("error", () => {
    if (open) onGone();
    open = false;
  });
  return (text) => {
    if (open) stream.write(text);
  };
}

/** https://no-color.org: a terminal, and nobody asked for none */
export function showsColours(
  stream: NodeJS.WriteStream,
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  return stream.isTTY && (environment["NO_COLOR"] ?? "") === "" && environment["TERM"] !== "dumb";
}
