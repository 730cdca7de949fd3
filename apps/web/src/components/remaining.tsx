import { useEffect, useState } from "react";
import { durationWords } from "../format/duration.ts";

/** How long it is until a moment, counted down while it is shown: `in 12 s`, then `now`. */
export function Remaining({ until }: { until: string }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.ceil((Date.parse(until) - now) / 1_000);
  return (
    <span className="tabular-nums">
      {seconds > 0 ? `in ${durationWords(seconds * 1_000).replace(".0 s", " s")}` : "now"}
    </span>
  );
}
