/**
 * A line that may go on what stands before the blank line above it: of a list, a quote, a table, indented; and the
 * beginning of such a line.
 */
const goesOn = /^(\s|[-*+](\s|$)|\d+[.)]?(\s|$)|>|\|)/;
const fence = /^\s{0,3}(`{3,}|~{3,})/;

/**
 * A text that grows, cut where what follows cannot change what came before: drawn one by one, only the last has to be
 * drawn again. Joined by blank lines they are the text.
 */
export function markdownBlocks(text: string): string[] {
  const blocks: string[][] = [[]];
  let open: string | null = null;
  let afterBlank = false;
  for (const line of text.split("\n")) {
    const mark: string | undefined = fence.exec(line)?.[1];
    if (open === null && afterBlank && line.trim() !== "" && !goesOn.test(line)) blocks.push([]);
    blocks.at(-1)?.push(line);
    if (open === null) open = mark ?? null;
    else if (mark !== undefined && mark.startsWith(open) && line.trim() === mark) open = null;
    afterBlank = line.trim() === "";
  }
  return blocks.map((lines) => lines.join("\n")).filter((block) => block.trim() !== "");
}
