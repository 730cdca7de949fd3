import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { temporaryHome } from "@openhands/testing";
import { Hono } from "hono";
import { expect, it } from "vitest";
import { Page } from "./page.ts";

it("what can be compressed goes compressed to who takes it, and whole to everybody else", async () => {
  await using home = await temporaryHome();
  await mkdir(join(home.path, "assets"));
  const script = "let one = 1;\n".repeat(1000);
  await writeFile(join(home.path, "assets", "index-abc.js"), script);
  await writeFile(join(home.path, "assets", "face-abc.woff2"), "font");
  const page = new Page(home.path, "");
  const app = new Hono().get("*", async (c) => await page.respond(c));
  const get = async (path: string, encoding: string) =>
    await app.request(path, { headers: { "accept-encoding": encoding } });

  for (const _ of ["first", "kept"]) {
    const small = await get("/assets/index-abc.js", "gzip, br");
    expect(small.headers.get("content-encoding")).toBe("gzip");
    const bytes = Buffer.from(await small.arrayBuffer());
    expect(bytes.length).toBeLessThan(script.length / 10);
    expect(gunzipSync(bytes).toString()).toBe(script);
  }
  const whole = await get("/assets/index-abc.js", "identity");
  expect(whole.headers.get("content-encoding")).toBeNull();
  expect(whole.headers.get("vary")).toBe("Accept-Encoding");
  expect(await whole.text()).toBe(script);
  const font = await get("/assets/face-abc.woff2", "gzip");
  expect(font.headers.get("content-encoding")).toBeNull();
  expect(await font.text()).toBe("font");
});
