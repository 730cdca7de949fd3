import { access, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ConversationId } from "@openhands/protocol";
import { createConversationStore, createLayout, createRedactor, openVault } from "@openhands/store";
import { temporaryHome } from "@openhands/testing";
import { expect, it } from "vitest";
import { systemClock } from "../clock.ts";
import { createLogger } from "../logger.ts";
import { Runtimes } from "../sandboxes/runtimes.ts";
import { Secrets } from "../secrets.ts";
import { emptyTrash } from "./trash.ts";

const hour = 60 * 60_000;
const early = ConversationId.parse("a".repeat(32));
const late = ConversationId.parse("b".repeat(32));

/** A trash whose time goes on only as `pass` tells. */
async function trashWithClock() {
  const home = await temporaryHome();
  const layout = createLayout(home.path);
  const redactor = createRedactor();
  let now = Date.UTC(2026, 0, 1);
  const clock = { ...systemClock, now: () => now };
  const store = createConversationStore({ layout, redactor, clock: clock.now });
  const secrets = new Secrets(await openVault({ layout, environmentKey: "a key for tests alone" }));
  const logger = await createLogger("silent", redactor);
  const deps = { store, clock, secrets, layout, runtimes: new Runtimes([], "docker"), logger };
  return {
    deps,
    pass: async (milliseconds: number) => {
      now += milliseconds;
      await emptyTrash(deps, new AbortController().signal);
    },
    remove: async (id: ConversationId) => {
      await store.create(id);
      await secrets.putModelKey(id, "sk-of-this-conversation");
      await mkdir(layout.workspaceFolder(id), { recursive: true });
      await writeFile(join(layout.workspaceFolder(id), "file"), "");
      await store.remove(id, { purge: false });
    },
    trashed: async () => (await store.trashed()).map(({ id }) => id),
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  };
}

it("each goes 24 hours after it came, with its workspace and its keys, and not before", async () => {
  await using trash = await trashWithClock();
  const { layout, secrets } = trash.deps;
  await trash.remove(early);
  await trash.pass(hour);
  await trash.remove(late);
  await trash.pass(23 * hour - 1);
  expect(await trash.trashed()).toEqual([early, late]);
  expect(await secrets.modelKey(early)).toBe("sk-of-this-conversation");
  await trash.pass(2);
  expect(await trash.trashed()).toEqual([late]);
  expect(await secrets.modelKey(early)).toBeNull();
  await expect(access(layout.workspaceFolder(early))).rejects.toThrow("ENOENT");
  await access(join(layout.workspaceFolder(late), "file"));
  await trash.pass(hour);
  expect(await trash.trashed()).toEqual([]);
});

it("of one that lives again under its id, workspace and keys stay", async () => {
  await using trash = await trashWithClock();
  await trash.remove(early);
  await trash.deps.store.create(early);
  await trash.pass(25 * hour);
  expect(await trash.trashed()).toEqual([]);
  expect(await trash.deps.secrets.modelKey(early)).toBe("sk-of-this-conversation");
  await access(join(trash.deps.layout.workspaceFolder(early), "file"));
});
