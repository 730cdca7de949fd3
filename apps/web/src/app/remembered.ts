/** What the page remembers in this browser: the only place that touches local storage. */
export interface Remembered {
  /** null when nothing usable is remembered */
  read(name: string): string | null;
  write(name: string, value: string): void;
}

const prefix = "openhands.";

/** Storage may be forbidden or full; then the page works on and forgets. */
export function rememberedIn(storage: () => Storage): Remembered {
  return {
    read: (name) => attempt(() => storage().getItem(prefix + name)),
    write: (name, value) => {
      attempt(() => storage().setItem(prefix + name, value));
    },
  };
}

function attempt<T>(action: () => T): T | null {
  try {
    return action();
  } catch {
    return null;
  }
}
