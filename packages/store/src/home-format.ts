/**
 * Which format a home has, in `home.json`; where there is none, the first. An older home is brought up step by step. A
 * newer one is used as far as this program understands it. Whatever is to be changed is copied to `backups/` before,
 * where the newest copies stay.
 *
 * Logs need none of it: their readers take every event that there ever was (`packages/store/test/corpus/`). Caches
 * (`index.sqlite`, `metadata.json`, `trajectory.json`) are made anew from the logs where they can't be read.
 */
import { copyFile, open } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import * as z from "zod";
import { diskFailure } from "./disk-failure.ts";
import { makeFolder, namesIn, parseJson, readDocument, syncFolder, writeDocument } from "./documents.ts";
import { exists, freePath } from "./file-stamp.ts";
import type { Layout } from "./layout.ts";
import type { Migration } from "./migrations/migration.ts";
import { migrations as allMigrations } from "./migrations/registry.ts";
import { pruneBackups } from "./prune-backups.ts";
import { removeUnfinished } from "./unfinished-writes.ts";

const HomeDocument = z.looseObject({ format: z.number().int().positive() });

export interface HomeFormatOptions {
  readonly layout: Layout;
  /** milliseconds since 1970 */
  readonly clock?: () => number;
  readonly migrations?: readonly Migration[];
}

/** A sentence each, or null. */
export interface HomeReport {
  /** what was changed, and where it is as it was */
  readonly migrated: string | null;
  /** what a person should know of as long as this program runs on the home */
  readonly problem: string | null;
}

/**
 * Brings the home to the format of this program, without what killed processes left unfinished in it (a conversation
 * loses that when it is opened); the caller holds its lock. Interrupted anywhere, it is done again.
 * @throws AppError `disk_full`; nothing is changed then that was not copied
 */
export async function openHome(options: HomeFormatOptions): Promise<HomeReport> {
  const { layout, clock = Date.now, migrations = allMigrations } = options;
  const current = migrations.at(-1)?.to ?? 1;
  const [format] = await Promise.all([
    readFormat(layout),
    removeUnfinished(layout.home),
    removeUnfinished(layout.secretsFolder),
  ]);
  if (format === current) return { migrated: null, problem: null };
  const backup = await freePath(join(layout.backupsFolder, `format-${format ?? 1}-`), clock());
  let report: HomeReport = { migrated: null, problem: null };
  if (format !== null && format > current) {
    await backUp(layout, await documents(layout), backup);
    const problem = `A newer OpenHands wrote this home (format ${format}, this one knows ${current}): what it keeps is used as far as it is understood, and the settings and secrets as they were are in ${backup}. Better start the newer one.`;
    report = { migrated: null, problem };
  } else if (await migrate(layout, { migrations, after: format ?? 1, backup })) {
    const migrated = `The home was brought to format ${current}; what was changed is as it was in ${backup}.`;
    report = { migrated, problem: null };
  }
  await writeDocument(layout.homeFile, `${JSON.stringify({ format: current })}\n`);
  await pruneBackups(layout);
  return report;
}

/** null where there is none that can be read */
async function readFormat(layout: Layout): Promise<number | null> {
  const document = HomeDocument.safeParse(parseJson((await readDocument(layout.homeFile)) ?? ""));
  return document.data?.format ?? null;
}

/** Gives whether anything was changed. */
async function migrate(
  layout: Layout,
  { migrations, after, backup }: { migrations: readonly Migration[]; after: number; backup: string },
): Promise<boolean> {
  let isChanged = false;
  for (const migration of migrations.filter(({ to }) => to > after)) {
    const files = await migration.find(layout);
    if (files.length === 0) continue;
    await backUp(layout, files, backup);
    await migration.migrate(layout, files);
    isChanged = true;
  }
  return isChanged;
}

/** What a program writes anew and can't make from the logs. */
async function documents(layout: Layout): Promise<string[]> {
  const secrets = (await namesIn(layout.secretsFolder)).map((name) => join(layout.secretsFolder, name));
  return [layout.homeFile, layout.settingsFile, layout.signInsFile, layout.spareCallsFile, ...secrets];
}

/** Under the same paths within `backup`. One that an earlier step has put there stays: that is how it was. */
async function backUp(layout: Layout, files: readonly string[], backup: string): Promise<void> {
  for (const file of files) {
    const copy = join(backup, relative(layout.home, file));
    if (!(await exists(file)) || (await exists(copy))) continue;
    await makeFolder(dirname(copy));
    try {
      await copyFile(file, copy);
      await using handle = await open(copy, "r+");
      await handle.sync();
    } catch (error) {
      throw diskFailure(error);
    }
    await syncFolder(dirname(copy));
  }
}
