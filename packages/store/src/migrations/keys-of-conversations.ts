/**
 * A conversation's own key for models was kept as `LLM_API_KEY_<id>`, where a secret of the person could have the same
 * name. A sealed secret does not hold its name, so it is enough to move it, and a locked one moves as well.
 */
import { rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { namesIn, syncFolder } from "../documents.ts";
import { exists } from "../file-stamp.ts";
import type { Migration } from "./migration.ts";

const oldName = /^LLM_API_KEY_([0-9a-f]{32})\.jwe$/;

export const keysOfConversations: Migration = {
  to: 2,
  async find({ secretsFolder }) {
    const names = await namesIn(secretsFolder);
    return names.filter((name) => oldName.test(name)).map((name) => join(secretsFolder, name));
  },
  async migrate(layout, files) {
    for (const file of files) {
      const id = oldName.exec(basename(file))?.[1] ?? "";
      const path = layout.secretFile(`LLM_API_KEY@${id}`);
      // one that was entered since is the right one
      if (await exists(path)) await rm(file);
      else await rename(file, path);
    }
    await syncFolder(layout.secretsFolder);
  },
};
