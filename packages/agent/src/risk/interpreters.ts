/** Interpreters, and the options that are followed by code. */
const interpreters: Readonly<Record<string, readonly string[]>> = {
  python: ["-c"],
  node: ["-e", "--eval", "-p", "--print"],
  deno: ["eval"],
  bun: ["-e", "--eval"],
  perl: ["-e", "-E"],
  ruby: ["-e"],
  php: ["-r"],
  lua: ["-e"],
  Rscript: ["-e"],
};

/** The options of `program` that take code, `python3.12` like `python`; undefined where it is no interpreter. */
export const interpreterCode = (program: string): readonly string[] | undefined =>
  interpreters[program.replace(/[\d.]+$/, "")];
