import { StatusDot } from "../../components/status-dot.tsx";
import { RawEvent } from "../panel/log/raw-event.tsx";
import type { FeedItem } from "./feed-items.ts";
import { MessageView } from "./message-view.tsx";
import { ReasoningLine } from "./reasoning-line.tsx";
import { StepsCard } from "./steps-card.tsx";

export function FeedItemView({ item }: { item: FeedItem }) {
  switch (item.type) {
    case "message":
      return <MessageView from={item.from} text={item.text} images={item.images} at={item.at} />;
    case "reasoning":
      return <ReasoningLine text={item.text} />;
    case "steps":
      return <StepsCard steps={item.steps} />;
    case "error":
      return (
        <p className="flex items-start gap-2.5 text-row text-mute wrap-anywhere">
          <StatusDot tone="bad" className="mt-[6px]" />
          {item.event.detail}
        </p>
      );
    case "notice":
      return <p className="text-center text-small text-faint">{item.text}</p>;
    case "event":
      return (
        <div className="overflow-hidden rounded-card border border-line bg-panel">
          <RawEvent event={item.event} />
        </div>
      );
  }
}
