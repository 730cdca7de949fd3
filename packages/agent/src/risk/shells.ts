export const shells: ReadonlySet<string> = new Set(["sh", "bash", "dash", "zsh", "ksh", "ash", "fish"]);
/** What runs text as a shell does. */
export const readers: ReadonlySet<string> = new Set([...shells, "source", "."]);
