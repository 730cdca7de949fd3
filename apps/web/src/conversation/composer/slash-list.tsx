import { type KeyboardEvent, useState } from "react";
import type { Command } from "../../commands/command.ts";
import { useCommands } from "../../commands/use-commands.ts";
import { OptionRow } from "../../components/ui/option-row.tsx";

export interface SlashState {
  /** empty unless the text begins with a slash and one word */
  readonly found: readonly Command[];
  readonly selected: number;
  /** id of the selected one; undefined where there is none */
  readonly selectedId: string | undefined;
  readonly run: (command: Command) => void;
  /** True where the key was meant for the list. */
  readonly takeKey: (event: KeyboardEvent) => boolean;
}

/** A text that begins with `/` and a word names a command; Escape makes it a text again. */
export function useSlash(text: string, write: (text: string) => void): SlashState {
  const commands = useCommands();
  const [place, setPlace] = useState(0);
  const [dismissed, setDismissed] = useState<string | null>(null);
  const word = /^\/(\S*)$/.exec(text)?.[1];
  const found = word === undefined || dismissed === text ? [] : commands.find(word);
  const selected = Math.min(place, Math.max(0, found.length - 1));
  const run = (command: Command): void => {
    write("");
    setPlace(0);
    commands.run(command);
  };
  const takeKey = (event: KeyboardEvent): boolean => {
    const command = found[selected];
    if (!command || !["ArrowDown", "ArrowUp", "Enter", "Tab", "Escape"].includes(event.key)) return false;
    event.preventDefault();
    if (event.key === "ArrowDown") setPlace((selected + 1) % found.length);
    else if (event.key === "ArrowUp") setPlace((selected + found.length - 1) % found.length);
    else if (event.key === "Escape") setDismissed(text);
    else run(command);
    return true;
  };
  const current = found[selected];
  return { found, selected, selectedId: current && slashOptionId(current), run, takeKey };
}

/** Over the composer: the commands that the text may mean. */
export function SlashList({ slash }: { slash: SlashState }) {
  if (slash.found.length === 0) return null;
  return (
    <ul
      role="listbox"
      aria-label="Commands"
      tabIndex={0}
      data-testid="slash-list"
      className="arrive absolute inset-x-0 bottom-full z-10 mb-2 max-h-72 overflow-y-auto rounded-card border border-line bg-panel p-1"
    >
      {slash.found.map((command, index) => (
        <OptionRow
          key={command.name}
          id={slashOptionId(command)}
          selected={index === slash.selected}
          onChoose={() => slash.run(command)}
        >
          <span className="font-mono text-code text-ink">/{command.name}</span>
          <span className="min-w-0 truncate text-mute">{command.title}</span>
        </OptionRow>
      ))}
    </ul>
  );
}

const slashOptionId = ({ name }: Command): string => `slash-${name}`;
