/** A glob as a regular expression for paths: `*` `?` `[a-z]` `{a,b}` and, over folders, `**`. Pure. */
export function globPattern(glob: string): RegExp {
  // without a folder it is meant for the name, wherever the file is
  const anchored = glob.includes("/") ? glob.replace(/^\.?\//, "") : `**/${glob}`;
  let source = "";
  let depth = 0;
  for (const [part] of anchored.matchAll(tokens)) {
    if (part === "{") depth += 1;
    const within = depth > 0;
    if (part === "}" && within) depth -= 1;
    source += translate(part, within);
  }
  return new RegExp(`^${source}${")".repeat(depth)}$`, "s");
}

const tokens = /\*\*\/|\*\*|\*|\?|\[[!^]?\]?[^\]/]*\]|\{|\}|,|\\.|[^]/gu;

function translate(part: string, withinBraces: boolean): string {
  switch (part) {
    case "**/":
      return "(?:.*/)?";
    case "**":
      return ".*";
    case "*":
      return "[^/]*";
    case "?":
      return "[^/]";
    case "{":
      return "(?:";
    case "}":
      return withinBraces ? ")" : "\\}";
    case ",":
      return withinBraces ? "|" : ",";
  }
  if (part.length > 2 && part.startsWith("["))
    return `[${part.slice(1, -1).replace(/^!/, "^").replaceAll(/[\\[]/g, "\\$&")}]`;
  const character = part.startsWith("\\") && part.length > 1 ? part.slice(1) : part;
  return character.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** A glob that names a folder first, taken apart: `/w/src/**` is `**` in `/w/src`. */
export function splitAbsolute(glob: string): { readonly folder: string | null; readonly pattern: string } {
  if (!glob.startsWith("/")) return { folder: null, pattern: glob };
  const segments = glob.split("/");
  const special = segments.findIndex((segment) => /[*?[{]/.test(segment));
  const at = special === -1 ? segments.length - 1 : special;
  // "./" holds a name to that folder
  const rest = segments.slice(at);
  return { folder: segments.slice(0, at).join("/") || "/", pattern: `./${rest.join("/")}` };
}
