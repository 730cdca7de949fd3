/** Which processes a command consists of, seen from /proc. Pure. */

export interface ProcessRow {
  readonly pid: number;
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  /** 0 where the process that leads it can't be seen from here */
  readonly session: number;
  /** device number of its controlling terminal, 0 without one; containers on one machine use the same numbers */
  readonly terminal: number;
  /** the group in the foreground of its terminal, -1 without one */
  readonly foreground: number;
  /** hundredths of a second since boot */
  readonly started: number;
  /** where its program and its stack lie in memory: others after an exec; null where the kernel does not tell */
  readonly image: string | null;
}

/** @param listing a line each: pid, then the fields of /proc/pid/stat from the state on */
export function parseProcesses(listing: string): readonly ProcessRow[] {
  return listing
    .split("\n")
    .map((line) => line.split(" "))
    .filter((fields) => fields.length > 27)
    .map(([pid, state = "", parent, group, session, terminal, foreground, ...rest]) => ({
      pid: Number(pid),
      state,
      parent: Number(parent),
      group: Number(group),
      session: Number(session),
      terminal: Number(terminal),
      foreground: Number(foreground),
      started: Number(rest[13]),
      image: imageOf(rest.slice(17, 20)),
    }));
}

/** Who may not look into a process is told zeros, or ones. */
function imageOf(addresses: readonly string[]): string | null {
  return addresses.some((address) => address.length > 1) ? addresses.join(" ") : null;
}

/** Tells a process from a later one with the same number. */
export type ProcessKey = `${number}@${number}`;

export const keyOf = (row: ProcessRow): ProcessKey => `${row.pid}@${row.started}`;

export interface CommandOrigin {
  /** pid of the shell that runs it */
  readonly shell: number;
  /** hundredths of a second since boot, when it began */
  readonly since: number;
  /** found before to belong to it: a child whose parent has died tells no more where it comes from */
  readonly known: ReadonlySet<ProcessKey>;
}

/**
 * The living processes of a command: its foreground group, what was started on the shell's terminal since, and all that
 * descend from these, though they left group and session. What an earlier command left running is not among them, nor
 * the shell itself.
 */
export function commandProcesses(
  rows: readonly ProcessRow[],
  { shell, since, known }: CommandOrigin,
): readonly ProcessRow[] {
  const shellRow = rows.find((row) => row.pid === shell);
  const foreground = shellRow && shellRow.foreground !== shellRow.group ? shellRow.foreground : null;
  const onTerminal = (row: ProcessRow): boolean =>
    row.terminal !== 0 && row.terminal === shellRow?.terminal && row.session === shellRow.session;
  const belongs = (row: ProcessRow): boolean =>
    known.has(keyOf(row)) ||
    row.group === foreground ||
    (row.started >= since && (row.parent === shell || onTerminal(row)));
  const members = new Set(rows.filter((row) => row.pid !== shell && belongs(row)).map((row) => row.pid));
  for (let before = -1; before !== members.size;) {
    before = members.size;
    for (const row of rows) if (members.has(row.parent)) members.add(row.pid);
  }
  return rows.filter((row) => members.has(row.pid) && row.state !== "Z");
}
