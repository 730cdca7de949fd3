import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useDeferredValue, useState } from "react";
import { useConversations } from "../app/queries.ts";
import { useCommands } from "../commands/use-commands.ts";
import { Key } from "../components/key.tsx";
import { StatusDot } from "../components/status-dot.tsx";
import { Dialog } from "../components/ui/dialog.tsx";
import { OptionRow } from "../components/ui/option-row.tsx";
import { rowTone, titleOf } from "../conversations/list-groups.ts";

/** Conversations that are offered at most. */
const offered = 12;

interface Entry {
  readonly key: string;
  readonly title: string;
  /** what stands at its left: the tone of a conversation; null for a command */
  readonly tone: ReturnType<typeof rowTone> | null;
  readonly keys: string;
  readonly go: () => void;
}

/** Every command and every conversation, found by a few letters. */
export function Palette({ onClose }: { onClose: () => void }) {
  const [words, setWords] = useState("");
  const [place, setPlace] = useState(0);
  const entries = useEntries(words);
  const selected = Math.min(place, Math.max(0, entries.length - 1));
  const choose = (entry: Entry | undefined): void => {
    if (!entry) return;
    onClose();
    entry.go();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) setPlace((selected + step + entries.length) % Math.max(1, entries.length));
    else if (event.key === "Enter") choose(entries[selected]);
    else return;
    event.preventDefault();
  };
  const current = entries[selected];
  return (
    <Dialog label="Commands and conversations" onClose={onClose}>
      <div className="flex max-h-[70vh] flex-col" data-testid="palette">
        <input
          autoFocus
          role="combobox"
          aria-expanded
          aria-controls="palette-list"
          aria-activedescendant={current && optionId(current)}
          aria-label="What to do, or where to go"
          placeholder="What to do, or where to go"
          className="w-full shrink-0 border-b border-line bg-transparent px-4 py-3 text-base placeholder:text-faint focus-visible:outline-none max-md:text-[16px]"
          value={words}
          onChange={(event) => {
            setWords(event.target.value);
            setPlace(0);
          }}
          onKeyDown={onKeyDown}
        />
        <ul
          id="palette-list"
          role="listbox"
          aria-label="Commands and conversations"
          className="min-h-0 overflow-y-auto p-1.5"
        >
          {entries.map((entry, index) => (
            <EntryRow
              key={entry.key}
              entry={entry}
              selected={index === selected}
              onChoose={() => choose(entry)}
            />
          ))}
        </ul>
        {entries.length === 0 ? (
          <p role="status" className="px-4 pb-3.5 text-row text-faint">
            Nothing has these words.
          </p>
        ) : null}
      </div>
    </Dialog>
  );
}

function useEntries(words: string): Entry[] {
  const navigate = useNavigate();
  const commands = useCommands();
  const asked = useDeferredValue(words);
  const conversations = useConversations(asked);
  const items = conversations.data?.pages.flatMap((page) => page.items) ?? [];
  // Until the server has answered, Enter must not open what was listed for other words.
  const stale = asked !== words || conversations.isPlaceholderData;
  const found = stale ? items.filter((info) => hasWords(titleOf(info), words)) : items;
  return [
    ...commands.find(words).map((command) => ({
      key: command.name,
      title: command.title,
      tone: null,
      keys: command.keys ?? "",
      go: () => commands.run(command),
    })),
    ...found.slice(0, offered).map((info) => ({
      key: info.id,
      title: titleOf(info),
      tone: rowTone(info),
      keys: "",
      go: () => void navigate({ to: "/conversations/$id", params: { id: info.id } }),
    })),
  ];
}

function hasWords(title: string, words: string): boolean {
  const text = title.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

interface EntryRowProps {
  readonly entry: Entry;
  readonly selected: boolean;
  readonly onChoose: () => void;
}

function EntryRow({ entry, selected, onChoose }: EntryRowProps) {
  return (
    <OptionRow id={optionId(entry)} selected={selected} onChoose={onChoose}>
      {entry.tone === null ? null : <StatusDot tone={entry.tone} />}
      <span className="min-w-0 flex-1 truncate">{entry.title}</span>
      {entry.keys === "" ? null : <Key>{entry.keys}</Key>}
    </OptionRow>
  );
}

const optionId = ({ key }: Entry): string => `palette-${key}`;
