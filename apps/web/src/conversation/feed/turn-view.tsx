import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { classNames } from "../../components/class-names.ts";
import { durationWords } from "../../format/duration.ts";
import type { FeedItem, Turn } from "./feed-items.ts";
import { FeedItemView } from "./feed-item-view.tsx";

interface TurnViewProps {
  readonly turn: Turn;
  /** nothing more will come of it */
  readonly over: boolean;
  readonly last: boolean;
  /** item that is told elsewhere */
  readonly hiddenKey: string | null;
}

/** One turn. Once it is over, its steps fold behind one line; those of the last turn stay open until folded. */
export function TurnView({ turn, over, last, hiddenKey }: TurnViewProps) {
  const [chosen, setChosen] = useState<boolean | null>(null);
  const folds = over && turn.stepCount > 1;
  const open = !folds || (chosen ?? last);
  return (
    <>
      {turn.request ? <FeedItemView item={turn.request} /> : null}
      {folds ? <FoldLine turn={turn} open={open} onToggle={() => setChosen(!open)} /> : null}
      {open ? <Items items={turn.work} hiddenKey={hiddenKey} /> : null}
      <Items items={turn.answer} hiddenKey={hiddenKey} />
    </>
  );
}

function Items({ items, hiddenKey }: { items: readonly FeedItem[]; hiddenKey: string | null }) {
  return items.map((item) => (item.key === hiddenKey ? null : <FeedItemView key={item.key} item={item} />));
}

function FoldLine({ turn, open, onToggle }: { turn: Turn; open: boolean; onToggle: () => void }) {
  const time = turn.time === null ? "" : ` · ${durationWords(turn.time)}`;
  return (
    <div className="flex items-center gap-2 text-small text-faint before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
      <button
        type="button"
        aria-expanded={open}
        onClick={onToggle}
        className="flex items-center gap-1 rounded-md px-1 hover:text-ink"
      >
        <ChevronRight
          aria-hidden
          className={classNames("size-3.5 transition-transform duration-150", open && "rotate-90")}
        />
        {turn.stepCount} steps{time}
      </button>
    </div>
  );
}
