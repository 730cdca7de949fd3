import { Dialog } from "../components/ui/dialog.tsx";

const apple = /mac|iphone|ipad/i.test(navigator.userAgent);
const mod = apple ? "⌘" : "Ctrl";
const alt = apple ? "⌥" : "Alt";

const groups: readonly { readonly name: string; readonly keys: readonly (readonly [string, string])[] }[] = [
  {
    name: "Anywhere",
    keys: [
      [`${mod} K`, "Commands and conversations"],
      ["?", "This list"],
    ],
  },
  {
    name: "In the message field",
    keys: [
      ["Enter", "Send; steer it while it works"],
      [`${alt} Enter`, "Queue: told when its turn is over"],
      [`${mod} Enter`, "Now: stop what it does, then tell it"],
      ["Shift Enter", "A new line"],
      ["↑", "The last message again, while the field is empty"],
      ["/", "Commands"],
      ["Esc", "Pause after this step"],
    ],
  },
  {
    name: "When it asks",
    keys: [
      ["Enter", "Allow, while the field is empty"],
      ["Esc", "Reject, with a line for the reason"],
    ],
  },
];

export function KeysHelp({ onClose }: { onClose: () => void }) {
  return (
    <Dialog label="What the keys do" onClose={onClose} className="overflow-y-auto">
      <div className="flex flex-col gap-4 p-4" data-testid="keys-help">
        <h2 className="font-semibold">What the keys do</h2>
        {groups.map((group) => (
          <section key={group.name}>
            <h3 className="pb-1 text-[11.5px] text-faint">{group.name}</h3>
            <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 text-row">
              {group.keys.map(([key, words]) => (
                <div key={key} className="col-span-2 grid grid-cols-subgrid items-baseline">
                  <dt>
                    <kbd className="rounded-md border border-line bg-raise px-1.5 py-0.5 text-[11.5px]">
                      {key}
                    </kbd>
                  </dt>
                  <dd className="text-mute">{words}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
