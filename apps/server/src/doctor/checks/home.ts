/** The home is the server user's own: what lies in it opens everything. */
import { access, constants, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { type Check, type DoctorContext, type Finding, note, ok, problem } from "../check.ts";

export const homeCheck: Check = {
  name: "home",
  run: async ({ layout, user }) => {
    const found = await stat(layout.home).catch(() => null);
    if (found === null) return [await missing(layout.home)];
    if (!found.isDirectory()) {
      return [problem(`${layout.home} is no folder.`, "Move it away, or name another with OPENHANDS_HOME.")];
    }
    const failure = await writeFailure(layout.home);
    if (failure === "EROFS") {
      return [
        problem(
          `The home ${layout.home} is on a read-only disk.`,
          "Make the disk writable again, or name another folder with OPENHANDS_HOME.",
        ),
      ];
    }
    if (failure !== null) {
      return [
        problem(
          `The home ${layout.home} can't be written by you.`,
          `Give it to yourself (chown), or name another with OPENHANDS_HOME.`,
        ),
      ];
    }
    const findings = [
      ...openToOthers(layout.home, found.mode, "0700"),
      ...(await openSecrets(layout)),
      ...foreign(layout.home, found.uid, user),
    ];
    return findings.length > 0 ? findings : [ok(`The home ${layout.home} is yours alone.`)];
  },
};

async function missing(home: string): Promise<Finding> {
  let parent = dirname(home);
  while ((await stat(parent).catch(() => null)) === null) parent = dirname(parent);
  const usable = (await stat(parent)).isDirectory() && (await writeFailure(parent)) === null;
  return usable
    ? ok(`The home ${home} is made at the first start.`)
    : problem(
        `The home ${home} can't be made: ${parent} can't be written by you.`,
        "Name another with OPENHANDS_HOME.",
      );
}

/** The system's code, or null where it can be written. */
async function writeFailure(path: string): Promise<string | null> {
  try {
    await access(path, constants.W_OK | constants.X_OK);
    return null;
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : "unknown";
  }
}

async function openSecrets({
  secretKeyFile,
  sessionKeyFile,
  secretsFolder,
}: DoctorContext["layout"]): Promise<readonly Finding[]> {
  const files = [
    [secretKeyFile, "0600"],
    [sessionKeyFile, "0600"],
    [secretsFolder, "0700"],
  ] as const;
  const found = await Promise.all(
    files.map(async ([path, wanted]) => {
      const mode = await stat(path).then(
        (entry) => entry.mode,
        () => 0,
      );
      return openToOthers(path, mode, wanted);
    }),
  );
  return found.flat();
}

function openToOthers(path: string, mode: number, wanted: string): readonly Finding[] {
  if ((mode & 0o077) === 0) return [];
  return [
    problem(
      `${path} is open to other users of this machine (mode ${(mode & 0o777).toString(8)}).`,
      `Run: chmod ${wanted} ${path}`,
    ),
  ];
}

function foreign(home: string, owner: number, user: number): readonly Finding[] {
  if (owner === user || user === -1) return [];
  return [note(`The home ${home} belongs to uid ${owner}, and you are uid ${user}.`)];
}
