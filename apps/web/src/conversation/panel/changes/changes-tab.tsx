import type { GitChanges } from "@openhands/protocol";
import { useState } from "react";
import { Centered } from "../../../components/centered.tsx";
import type { ConversationSession } from "../../conversation-session.ts";
import { PanelBar } from "../panel-bar.tsx";
import { TabFailure } from "../tab-failure.tsx";
import { WithSandbox } from "../with-sandbox.tsx";
import { useChanges, useFreshWorkspace } from "../workspace-queries.ts";
import { ChangedFile } from "./changed-file.tsx";

/** With what it can be compared; null: the last commit, or where the branch left its remote. */
const bases = [
  { name: "base", ref: undefined, words: "against where the work began" },
  { name: "head", ref: "HEAD", words: "against the last commit" },
] as const;

/** Up to how many files show at once what has changed in them. */
const openAtOnce = 4;

/** What git says has changed in the workspace, file by file, each with a way back. */
export function ChangesTab({ session }: { session: ConversationSession }) {
  return (
    <WithSandbox session={session} what="The files are kept. git is asked inside the sandbox.">
      <Changes session={session} />
    </WithSandbox>
  );
}

function Changes({ session }: { session: ConversationSession }) {
  const [base, setBase] = useState<(typeof bases)[number]>(bases[0]);
  const refresh = useFreshWorkspace(session);
  const changes = useChanges(session.id, base.ref);
  return (
    <div className="flex h-full flex-col" data-testid="changes-panel">
      <PanelBar title={changes.data ? countWords(changes.data) : "Asking git"} onRefresh={refresh}>
        <select
          aria-label="Compared with"
          className="h-7 min-w-0 rounded-md bg-transparent text-small text-mute hover:text-ink"
          value={base.name}
          onChange={({ target }) => setBase(bases.find(({ name }) => name === target.value) ?? bases[0])}
        >
          {bases.map(({ name, words }) => (
            <option key={name} value={name} className="bg-panel text-ink">
              {words}
            </option>
          ))}
        </select>
      </PanelBar>
      <div className="min-h-0 flex-1 overflow-y-auto">
        {changes.isError ? <TabFailure error={changes.error} onRetry={() => void changes.refetch()} /> : null}
        {changes.data?.length === 0 ? (
          <Centered
            title="Nothing has changed"
            text="What differs from the last commit stands here, where the workspace or a folder in it is a git repository."
          />
        ) : null}
        {changes.data?.map((change) => (
          <ChangedFile
            key={`${base.name}:${change.path}`}
            id={session.id}
            change={change}
            base={base.ref}
            startsOpen={(changes.data?.length ?? 0) <= openAtOnce}
          />
        ))}
      </div>
    </div>
  );
}

function countWords({ length }: GitChanges): string {
  return length === 1 ? "1 file" : `${length} files`;
}
