import { useEffect, useState } from "react";
import { durationWords } from "../format/duration.ts";

/** Seconds below which a wait is not worth counting. */
const unnoticed = 2_000;

/** How long something has been going on, counted while it is shown; nothing in the first moments. */
export function Elapsed({ since }: { since: string }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const time = now - Date.parse(since);
  if (!(time >= unnoticed)) return null;
  return (
    <span className="tabular-nums">
      {durationWords(Math.floor(time / 1_000) * 1_000).replace(".0 s", " s")}
    </span>
  );
}
