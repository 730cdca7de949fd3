import type { SendMessageRequest } from "@openhands/protocol";
import { Link, useNavigate } from "@tanstack/react-router";
import { ArrowRight, KeyRound } from "lucide-react";
import { useState } from "react";
import { IsolationWarning } from "../app/isolation-warning.tsx";
import { PageHeader } from "../app/page-header.tsx";
import { useSettings, useStartConversation, useSystem } from "../app/queries.ts";
import { Button } from "../components/ui/button.tsx";
import { Notice } from "../components/ui/notice.tsx";
import { Composer } from "../conversation/composer/composer.tsx";
import { contentOf, createDraftStore } from "../conversation/composer/draft.ts";
import { thingsToTry } from "./things-to-try.ts";

/** Where a conversation starts, and where the first one is made easy. */
export function HomePage() {
  const start = useStartConversation();
  const system = useSystem();
  const navigate = useNavigate();
  const open = ({ id }: { id: string }) => navigate({ to: "/conversations/$id", params: { id } });
  const [draft] = useState(createDraftStore);
  const begin = (message: SendMessageRequest["content"]): void =>
    start.mutate(message, { onSuccess: (info) => void open(info) });
  return (
    <main className="flex min-w-0 flex-1 flex-col">
      <title>OpenHands</title>
      <PageHeader>
        <span className="truncate text-row text-mute">New conversation</span>
      </PageHeader>
      <IsolationWarning runtime={system.data?.runtime.kind} />
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex min-h-full w-full max-w-[760px] flex-col justify-center gap-6 px-4 py-8 md:px-6">
          <div className="flex flex-col gap-1.5">
            <h1 className="text-[22px] leading-tight font-semibold tracking-[-0.02em]">
              What should be done?
            </h1>
            <p className="text-mute">
              It works with a real shell and real files, in a sandbox made for this conversation alone.
            </p>
          </div>
          <Composer
            invitation="Say what you want done"
            sendWord="Start"
            draft={draft}
            onSend={async (message) => open(await start.mutateAsync(contentOf(message)))}
            note="Enter sends · Shift+Enter starts a line"
          />
          {start.isError ? (
            <Notice
              tone="bad"
              role="alert"
              title={start.error.message}
              actions={<Button onClick={() => begin(start.variables)}>Try again</Button>}
            />
          ) : null}
          <section aria-labelledby="try" className="flex flex-col gap-2">
            <h2 id="try" className="text-[11.5px] text-faint">
              Things to try
            </h2>
            <ul className="overflow-hidden rounded-card border border-line">
              {thingsToTry.map((thing) => (
                <li key={thing} className="border-line not-first:border-t">
                  <button
                    type="button"
                    disabled={start.isPending}
                    onClick={() => begin(thing)}
                    className="group flex w-full items-center gap-3 bg-panel px-3.5 py-2.5 text-left text-row text-mute transition-colors hover:bg-raise hover:text-ink focus-visible:outline-offset-[-2px] disabled:opacity-60"
                  >
                    <span className="flex-1">{thing}</span>
                    <ArrowRight aria-hidden className="size-4 text-faint group-hover:text-accent" />
                  </button>
                </li>
              ))}
            </ul>
          </section>
          <ModelNote />
        </div>
      </div>
    </main>
  );
}

/** Which model answers, and where to put a key while none is set. */
function ModelNote() {
  const settings = useSettings();
  if (!settings.data) return null;
  const { effective_llm_model: model } = settings.data;
  const demo = model.startsWith("demo/");
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 text-small text-mute">
      <KeyRound aria-hidden className="size-4 shrink-0 text-faint" />
      <p className="min-w-0 flex-1 basis-60">
        {demo ? (
          <>
            The demonstration model answers: it needs no key, follows a script and does the things above. For
            your own tasks, choose a model and put in its key.
          </>
        ) : (
          <>
            <span className="font-mono text-ink">{model}</span> answers.
          </>
        )}
      </p>
      <Button asChild size="small" look={demo ? "plain" : "ghost"}>
        <Link to="/settings">{demo ? "Choose a model" : "Change"}</Link>
      </Button>
    </div>
  );
}
