import type { Request } from "playwright-core";
import { temporaryHome } from "@openhands/testing";
import { startServerProcess } from "../../apps/server/test/server-process.ts";
import { openBrowser } from "../../e2e/browser.ts";
import type { Figure } from "../bench.ts";

/** What a browser fetches for the home page, as it comes over the wire, without what the API says. */
export async function firstLoad(): Promise<readonly Figure[]> {
  await using home = await temporaryHome();
  await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap" });
  const browser = await openBrowser();
  try {
    const page = await browser.newPage();
    const finished: Request[] = [];
    page.on("requestfinished", (request) => {
      if (!new URL(request.url()).pathname.startsWith("/api/")) finished.push(request);
    });
    await page.goto(server.link, { waitUntil: "networkidle" });
    await page.evaluate("document.fonts.ready.then(() => null)");
    const sizes = await Promise.all(
      finished.map(async (request) => ({
        type: request.resourceType(),
        bytes: (await request.sizes()).responseBodySize,
      })),
    );
    const sum = (parts: typeof sizes): string =>
      `${Math.round(parts.reduce((bytes, part) => bytes + part.bytes, 0) / 1000)} kB`;
    return [
      { what: "first load", value: sum(sizes) },
      ...["script", "stylesheet", "font"].map((type) => ({
        what: `of it: ${type}`,
        value: sum(sizes.filter((part) => part.type === type)),
      })),
    ];
  } finally {
    await browser.close();
  }
}
