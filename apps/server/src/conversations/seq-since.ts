/** Where a moment lies in a log: times rise with seq, so it is found by bisecting and nothing is loaded whole. */
import type { EventLog } from "@openhands/store";

/** The seq of the first event at or after `time` (milliseconds since 1970); one after the last where there is none. */
export async function seqSince(log: Pick<EventLog, "at" | "lastSeq">, time: number): Promise<number> {
  let [from, to] = [0, log.lastSeq + 1];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    const event = await log.at(middle);
    if (event !== null && Date.parse(event.timestamp) < time) from = middle + 1;
    else to = middle;
  }
  return from;
}
