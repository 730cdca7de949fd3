import { Elapsed } from "../components/elapsed.tsx";
import { Remaining } from "../components/remaining.tsx";
import type { StatusWords } from "./status-words.ts";

/** For how long it has been so, or when it ends. */
export function StatusTime({ status: { since, until } }: { status: StatusWords }) {
  if (since === null && until === null) return null;
  return (
    <span className="shrink-0 text-faint" data-testid="status-time">
      {until === null ? <Elapsed since={since ?? ""} /> : <Remaining until={until} />}
    </span>
  );
}
