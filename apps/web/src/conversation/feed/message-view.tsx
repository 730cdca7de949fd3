import { memo } from "react";
import { Markdown } from "../../components/markdown.tsx";
import { Images } from "./images.tsx";
import { clockTime } from "../../format/when.ts";

/** The text as it was written; what stands between backticks on one line looks like code. */
function InlineCode({ text }: { text: string }) {
  return text.split(/(`[^`\n]+`)/).map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      <code
        key={`${index}${part}`}
        className="rounded-[5px] border border-line bg-panel px-1 text-code leading-normal"
      >
        {part.slice(1, -1)}
      </code>
    ),
  );
}

interface MessageViewProps {
  readonly from: "person" | "agent";
  readonly text: string;
  /** URLs, or references to attachments */
  readonly images: readonly string[];
  readonly at: string;
}

/** The person's words at the right in a bubble, exactly as written; the agent's as plain text. */
export const MessageView = memo(function MessageView({ from, text, images, at }: MessageViewProps) {
  if (from === "agent") {
    return (
      <div title={clockTime(at)}>
        <Markdown text={text} />
        <Images urls={images} />
      </div>
    );
  }
  return (
    <div
      title={clockTime(at)}
      className="arrive max-w-[85%] self-end rounded-[14px_14px_4px_14px] border border-line bg-raise px-[13px] py-[9px] wrap-anywhere whitespace-pre-wrap"
    >
      <InlineCode text={text} />
      <Images urls={images} />
    </div>
  );
});
