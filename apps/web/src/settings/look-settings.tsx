import { useStore } from "zustand";
import { useServices } from "../app/services.ts";
import { type Theme, themes } from "../app/theme-store.ts";
import { classNames } from "../components/class-names.ts";

const names: Readonly<Record<Theme, string>> = { system: "As the system", light: "Light", dark: "Dark" };

export function LookSettings() {
  const { theme: store } = useServices();
  const { theme } = useStore(store);
  return (
    <fieldset className="flex flex-col gap-2.5">
      <legend className="mb-2.5 text-[15px] font-semibold">Look</legend>
      <div className="flex w-fit rounded-lg border border-line bg-panel p-0.5">
        {themes.map((name) => (
          <label
            key={name}
            className={classNames(
              "cursor-pointer rounded-md px-3 py-1 text-row text-mute has-focus-visible:outline-2 has-focus-visible:outline-accent",
              name === theme && "bg-raise text-ink",
            )}
          >
            <input
              type="radio"
              name="theme"
              className="sr-only"
              checked={name === theme}
              onChange={() => store.setState({ theme: name })}
            />
            {names[name]}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
