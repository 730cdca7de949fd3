import { X } from "lucide-react";
import { Suspense, useState } from "react";
import { useStore } from "zustand";
import { useServices } from "../../app/services.ts";
import { Centered } from "../../components/centered.tsx";
import { classNames } from "../../components/class-names.ts";
import { Button } from "../../components/ui/button.tsx";
import { Tabs } from "../../components/ui/tabs.tsx";
import type { ConversationSession } from "../conversation-session.ts";
import { PanelResizer } from "./panel-resizer.tsx";
import { type PanelTab, panelTabs } from "./registry.ts";

/** Beside the conversation, or over it where there is no room. */
export function SidePanel({ session }: { session: ConversationSession }) {
  const { layout } = useServices();
  const share = useStore(layout, (state) => state.panelShare);
  const shown = useStore(layout, (state) => state.panelTab);
  const selected = panelTabs.some(({ name }) => name === shown) ? shown : "commands";
  return (
    <>
      <PanelResizer />
      <section
        aria-label="Side panel"
        style={{ width: `${share}%` }}
        className={classNames(
          "flex shrink-0 flex-col border-l border-line bg-panel",
          "max-lg:arrive max-lg:fixed max-lg:inset-y-0 max-lg:right-0 max-lg:z-20 max-lg:!w-[min(640px,100vw)]",
        )}
      >
        <div className="flex h-12 shrink-0 items-center justify-between gap-2 border-b border-line px-2.5">
          <Tabs
            label="Side panel"
            tabs={panelTabs.map(({ name, title, useNote }) => ({
              name,
              title,
              note: useNote ? <Note session={session} useNote={useNote} /> : null,
            }))}
            selected={selected}
            onSelect={(panelTab) => layout.setState({ panelTab })}
          />
          <Button
            look="ghost"
            size="icon"
            aria-label="Close the side panel"
            className="lg:hidden"
            onClick={() => layout.setState({ panelOpen: false })}
          >
            <X aria-hidden className="size-4" />
          </Button>
        </div>
        <Panels session={session} selected={selected} />
      </section>
    </>
  );
}

interface NoteProps {
  readonly session: ConversationSession;
  readonly useNote: NonNullable<PanelTab["useNote"]>;
}

function Note({ session, useNote }: NoteProps) {
  const note = useNote(session);
  return note === null ? null : <span className="ml-0.5 text-[11.5px] text-faint">{note}</span>;
}

/** The one that is selected, and hidden behind it those that keep what they have. */
function Panels({ session, selected }: { session: ConversationSession; selected: string }) {
  const [visited, setVisited] = useState<readonly string[]>([selected]);
  if (!visited.includes(selected)) setVisited([...visited, selected]);
  const drawn = panelTabs.filter(({ name, keeps }) => name === selected || (keeps && visited.includes(name)));
  return drawn.map(({ name, Content }) => (
    <div
      key={name}
      role="tabpanel"
      id={`panel-${name}`}
      aria-labelledby={`tab-${name}`}
      hidden={name !== selected}
      className="min-h-0 flex-1"
    >
      <Suspense fallback={<Centered title="Loading" />}>
        <Content session={session} />
      </Suspense>
    </div>
  ));
}
