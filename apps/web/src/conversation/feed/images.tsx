import { attachmentName } from "@openhands/protocol";
import { useServices } from "../../app/services.ts";
import { useConversationId } from "../conversation-id.ts";

/** Images of an event, small; each opens whole. One from elsewhere is a link: nothing is fetched from there unasked. */
export function Images({ urls }: { urls: readonly string[] }) {
  const { client } = useServices();
  const conversationId = useConversationId();
  if (urls.length === 0) return null;
  return (
    <div className="flex flex-wrap gap-2 p-2">
      {urls.map((url, index) => {
        const name = attachmentName(url);
        const source = name === null ? url : client.events.attachmentUrl(conversationId, name);
        const ours = name !== null || url.startsWith("data:image/");
        const words = urls.length === 1 ? "Image" : `Image ${index + 1}`;
        return (
          <a
            key={`${index}${url.slice(0, 100)}`}
            href={name === null && ours ? undefined : source}
            target="_blank"
            rel="noreferrer"
          >
            {ours ? (
              <img src={source} alt={words} className="max-h-48 rounded-md border border-line" />
            ) : (
              <span className="text-small text-mute underline">{words}</span>
            )}
          </a>
        );
      })}
    </div>
  );
}
