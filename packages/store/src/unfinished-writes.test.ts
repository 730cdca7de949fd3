import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ConversationId } from "@openhands/protocol";
import { temporaryHome } from "@openhands/testing";
import { expect, test } from "vitest";
import { createConversationStore } from "./conversation-store.ts";
import { writeDocument } from "./documents.ts";
import { openHome } from "./home-format.ts";
import { createLayout } from "./layout.ts";
import { createRedactor } from "./redactor.ts";

const id = ConversationId.parse("0123456789abcdef0123456789abcdef");

async function storeOfOne() {
  const home = await temporaryHome();
  const layout = createLayout(home.path);
  const store = createConversationStore({ layout, redactor: createRedactor() });
  await store.create(id);
  const names = async (): Promise<string[]> => (await readdir(layout.conversationFolder(id))).toSorted();
  const reopen = async (): Promise<void> => await (await store.open(id)).close();
  return { layout, names, reopen, [Symbol.asyncDispose]: () => home[Symbol.asyncDispose]() };
}

/** Another process, in the midst of writing each of the files; its stdin's end lets it go on. */
async function writing(...paths: readonly string[]): Promise<ChildProcess> {
  const program = `
    import { once } from "node:events";
    import { writeDocument } from ${JSON.stringify(join(import.meta.dirname, "documents.ts"))};
    let left = process.argv.length - 1;
    const end = once(process.stdin.resume(), "end");
    await Promise.all(process.argv.slice(1).map((path) => writeDocument(path, async (file) => {
      await file.writeFile("written");
      if ((left -= 1) === 0) console.log("writing");
      await end;
    })));`;
  const words = ["--input-type=module-typescript", "--eval", program, "--", ...paths];
  const child = spawn(process.execPath, words, { stdio: ["pipe", "pipe", "inherit"] });
  await once(child.stdout, "data");
  return child;
}

test("what a killed process left unfinished goes when its conversation is opened, and nothing else", async () => {
  await using kept = await storeOfOne();
  const { layout, names, reopen } = kept;
  const metadata = layout.metadataFile(id);
  const attachment = join(layout.attachmentsFolder(id), "picture.png");
  const child = await writing(metadata, attachment);
  await writeFile(join(layout.conversationFolder(id), "of-a-person.tmp"), "");
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(await names()).toHaveLength(4);
  expect(await readdir(layout.attachmentsFolder(id))).toHaveLength(1);
  await reopen();
  expect(await names()).toEqual(["attachments", "events.json", "of-a-person.tmp"]);
  expect(await readdir(layout.attachmentsFolder(id))).toEqual([]);
});

test("what another process, or this one, is still writing stays", async () => {
  await using kept = await storeOfOne();
  const { layout, names, reopen } = kept;
  const child = await writing(layout.metadataFile(id));
  await writeDocument(layout.shellFile(id), async (file) => {
    await file.writeFile("ours");
    await reopen();
  });
  child.stdin?.end();
  expect(await once(child, "exit")).toEqual([0, null]);
  expect(await readFile(layout.metadataFile(id), "utf8")).toBe("written");
  expect(await readFile(layout.shellFile(id), "utf8")).toBe("ours");
  expect(await names()).toEqual(["events.json", "metadata.json", "shell.json"]);
});

test("what was left in the home itself and among the secrets goes at the start", async () => {
  await using home = await temporaryHome();
  const layout = createLayout(home.path);
  const child = await writing(layout.secretKeyFile, layout.secretFile("A"));
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(await readdir(layout.secretsFolder)).toHaveLength(1);
  await openHome({ layout });
  expect(await readdir(layout.secretsFolder)).toEqual([]);
  expect((await readdir(layout.home)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});
