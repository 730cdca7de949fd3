import { useStore } from "zustand";
import { useServices } from "../app/services.ts";
import { type Theme, themes } from "../app/theme-store.ts";
import { ChoiceRow } from "../components/ui/choice-row.tsx";

const names: Readonly<Record<Theme, string>> = { system: "As the system", light: "Light", dark: "Dark" };

export function LookSettings() {
  const { theme: store } = useServices();
  const { theme } = useStore(store);
  return (
    <ChoiceRow
      name="theme"
      legend="Look"
      choices={themes}
      words={names}
      chosen={theme}
      onChoose={(chosen) => store.setState({ theme: chosen })}
    />
  );
}
