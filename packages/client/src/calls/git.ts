import { GitChanges, GitDiff, Success } from "@openhands/protocol";
import type { Connection } from "../request.ts";
import { conversationPath } from "./conversation-path.ts";

/** What an agent changed. Without `ref` against the last commit, or where the branch left its remote. */
export function gitCalls({ request }: Connection) {
  return {
    changes: (id: string, ref?: string) =>
      request(`${conversationPath(id)}/git/changes`, GitChanges, { query: { ref } }),
    diff: (id: string, path: string, ref?: string) =>
      request(`${conversationPath(id)}/git/diff`, GitDiff, { query: { path, ref } }),
    /** The file is again what it was, or gone where it was not there. */
    revert: (id: string, path: string, ref?: string) =>
      request(`${conversationPath(id)}/git/revert`, Success, { method: "POST", body: { path, ref } }),
  };
}
