/** Files of the home that are not what they should be: one sentence at start, or set aside and named. */
import { mkdir, readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryHome } from "@openhands/testing";
import { expect, it } from "vitest";
import { failToStart, startServerProcess } from "./server-process.ts";

it.each(["settings.json", "session.key", "secret.key", "sign-ins.json", "lock.db"])(
  "%s that is a folder keeps the server from starting, in one sentence that names it",
  async (name) => {
    await using home = await temporaryHome();
    await mkdir(join(home.path, name));
    const { code, stderr } = await failToStart({ home: home.path, flags: ["--port", "0"] });
    expect(code).toBe(1);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stderr).toContain(join(home.path, name));
    expect(stderr).not.toContain("    at ");
  },
);

it("a lock.db that is no database is not written over, and told in one sentence", async () => {
  await using home = await temporaryHome();
  const path = join(home.path, "lock.db");
  await writeFile(path, "garbage ".repeat(1000));
  const { code, stderr } = await failToStart({ home: home.path, flags: ["--port", "0"] });
  expect([code, stderr.trim().split("\n").length]).toEqual([1, 1]);
  expect(stderr).toContain(path);
  expect(await readFile(path, "utf8")).toContain("garbage");
});

it("a broken settings.json is set aside, and the page is told where it lies", async () => {
  await using home = await temporaryHome();
  await writeFile(join(home.path, "settings.json"), '{"llm_model": "openai/x",');
  await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap" });
  const aside = (await readdir(home.path)).find((name) => name.startsWith("settings.json.broken-")) ?? "none";
  const { warnings } = await server.client.system.get();
  expect(warnings).toEqual([expect.stringContaining(join(home.path, aside))]);
});

it("two that sign in and out at the same time are all kept as they are, over a restart", async () => {
  await using home = await temporaryHome();
  await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap" });
  const headers = { "X-Session-API-Key": server.key, "Content-Type": "application/json" };
  const signIn = async (): Promise<string> => {
    const made = await fetch(`${server.url}/api/auth/link`, { method: "POST", headers });
    const { link } = (await made.json()) as { link: string };
    const body = JSON.stringify({ code: link.split("#code=")[1] });
    const answer = await fetch(`${server.url}/api/auth/sign-in`, { method: "POST", headers, body });
    return answer.headers.get("set-cookie")?.split(";")[0] ?? "";
  };
  const cookies = await Promise.all(Array.from({ length: 12 }, signIn));
  await server.kill();
  await using again = await startServerProcess({ home: home.path, runtime: "bubblewrap" });
  const answers = cookies.map(
    async (cookie) => await fetch(`${again.url}/api/settings`, { headers: { cookie } }),
  );
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(cookies.map(() => 200));
});

it("a sign-in that can't be kept leaves its link as good as it was", async () => {
  await using home = await temporaryHome();
  await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap" });
  const body = JSON.stringify({ code: server.link.split("#code=")[1] });
  const headers = { "Content-Type": "application/json" };
  const signIn = async () => await fetch(`${server.url}/api/auth/sign-in`, { method: "POST", headers, body });
  const inTheWay = join(home.path, "sign-ins.json");
  await mkdir(inTheWay);
  const refused = await signIn();
  expect(refused.status).toBe(503);
  expect(refused.headers.get("set-cookie")).toBeNull();
  await rmdir(inTheWay);
  expect((await signIn()).status).toBe(204);
  expect((await signIn()).status).toBe(401);
});

it("fields of settings.json that this version does not know outlive a change and a restart", async () => {
  await using home = await temporaryHome();
  const path = join(home.path, "settings.json");
  await writeFile(path, JSON.stringify({ from_the_future: { a: [1] }, max_iterations: 7 }));
  await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap" });
  await server.client.settings.patch({ language: "de" });
  const kept: unknown = JSON.parse(await readFile(path, "utf8"));
  expect(kept).toMatchObject({ from_the_future: { a: [1] }, max_iterations: 7, language: "de" });
});

it("a broken sign-ins.json is set aside, and pages can sign in anew", async () => {
  await using home = await temporaryHome();
  await writeFile(join(home.path, "sign-ins.json"), '{"cookies": {"torn');
  await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap" });
  const body = JSON.stringify({ code: server.link.split("#code=")[1] });
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(`${server.url}/api/auth/sign-in`, { method: "POST", headers, body });
  expect(answer.status).toBe(204);
  const aside = (await readdir(home.path)).find((name) => name.startsWith("sign-ins.json.broken-")) ?? "none";
  expect(await readFile(join(home.path, aside), "utf8")).toContain("torn");
});
