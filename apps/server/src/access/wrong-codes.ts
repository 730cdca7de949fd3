/**
 * Who has shown wrong codes of late. Counted for each address on its own, so that a stranger who tries keeps nobody else
 * out. What is kept is bounded: of more addresses at once than that, those that come later are counted as one.
 */
import { isIPv6 } from "node:net";
import { AppError } from "@openhands/protocol";

const minute = 60_000;
/** wrong codes of one address within a minute, before it has to wait for the end of that */
const mostWrong = 20;
/** addresses that are told apart within a minute */
const mostAddresses = 10_000;
/** all that are not */
const others = "";

export class WrongCodes {
  readonly #counts = new Map<string, number>();
  #since = 0;

  /** @param now milliseconds since 1970 @throws AppError `too_many` */
  check(address: string, now: number): void {
    if (now - this.#since >= minute) {
      this.#counts.clear();
      this.#since = now;
    }
    if ((this.#counts.get(this.#counted(address)) ?? 0) < mostWrong) return;
    const retryAfterSeconds = Math.ceil((this.#since + minute - now) / 1000);
    throw new AppError("too_many", "Too many sign-in attempts. Wait a minute.", { retryAfterSeconds });
  }

  add(address: string): void {
    const counted = this.#counted(address);
    this.#counts.set(counted, (this.#counts.get(counted) ?? 0) + 1);
  }

  #counted(address: string): string {
    const network = networkOf(address);
    return this.#counts.has(network) || this.#counts.size < mostAddresses ? network : others;
  }
}

/** Whoever has one address of IPv6 has the 64 bits behind its network as well. */
function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = "", tail] = address.toLowerCase().replace(/%.*$/, "").split("::");
  const before = head.split(":").filter((group) => group !== "");
  const after = tail?.split(":").filter((group) => group !== "") ?? [];
  const zeros = Array<string>(Math.max(0, 8 - before.length - after.length)).fill("0");
  const groups = [...before, ...zeros, ...after].slice(0, 4);
  return groups.map((group) => Number.parseInt(group, 16).toString(16)).join(":");
}
