import { PortList, PreviewLink } from "@openhands/protocol";
import type { Connection } from "../request.ts";
import { conversationPath } from "./conversation-path.ts";

/** Servers in a conversation's sandbox. */
export function portCalls({ request }: Connection) {
  return {
    /** Those listened on now; `sandbox.ports` of the conversation's state tells of changes. */
    list: (id: string) => request(`${conversationPath(id)}/ports`, PortList),
    /** A link that lets one browser see the port, once, within five minutes. */
    open: (id: string, port: number) =>
      request(`${conversationPath(id)}/ports/${port}/open`, PreviewLink, { method: "POST" }),
  };
}
