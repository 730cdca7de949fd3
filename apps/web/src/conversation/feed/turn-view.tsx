import { memo, useState } from "react";
import { FoldButton } from "../../components/fold-button.tsx";
import { durationWords } from "../../format/duration.ts";
import { type FeedItem, sameSteps, type Turn } from "./feed-items.ts";
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
export const TurnView = memo(function TurnView({ turn, over, last, hiddenKey }: TurnViewProps) {
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
}, sameTurn);

/** Turns are made anew with every event; drawn anew are only those in which something has changed. */
function sameTurn(before: TurnViewProps, after: TurnViewProps): boolean {
  return (
    before.over === after.over &&
    before.last === after.last &&
    before.hiddenKey === after.hiddenKey &&
    before.turn.key === after.turn.key &&
    before.turn.time === after.turn.time &&
    sameItems(before.turn.work, after.turn.work) &&
    sameItems(before.turn.answer, after.turn.answer)
  );
}

/** An item is what its key says, but for a card of steps, which grows. */
function sameItems(one: readonly FeedItem[], other: readonly FeedItem[]): boolean {
  return (
    one.length === other.length &&
    one.every((item, index) => {
      const now = other[index];
      if (item.key !== now?.key || item.type !== now.type) return false;
      return item.type !== "steps" || now.type !== "steps" || sameSteps(item.steps, now.steps);
    })
  );
}

function Items({ items, hiddenKey }: { items: readonly FeedItem[]; hiddenKey: string | null }) {
  return items.map((item) => (item.key === hiddenKey ? null : <FeedItemView key={item.key} item={item} />));
}

function FoldLine({ turn, open, onToggle }: { turn: Turn; open: boolean; onToggle: () => void }) {
  const time = turn.time === null ? "" : ` · ${durationWords(turn.time)}`;
  return (
    <div className="flex items-center gap-2 text-small text-faint before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
      <FoldButton open={open} onToggle={onToggle} className="gap-1 rounded-md px-1 hover:text-ink">
        {turn.stepCount} steps{time}
      </FoldButton>
    </div>
  );
}
