/** A model in a word: its name without the provider. */
export function modelWord(model: string): string {
  return model.startsWith("demo/") ? model : (model.split("/").at(-1) ?? model);
}
