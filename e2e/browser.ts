/** Debian's Chromium, driven for real. */
import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";

const candidates = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export async function openBrowser(): Promise<Browser> {
  const executablePath = candidates.find((path) => existsSync(path));
  if (executablePath === undefined) {
    throw new Error(`no browser found at ${candidates.join(", ")}; on Debian: apt-get install chromium`);
  }
  return await chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** What a page said that it should not have said: errors in the console and uncaught ones. */
export function complaints(page: Page): string[] {
  const said: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") said.push(message.text());
  });
  page.on("pageerror", (error) => said.push(String(error)));
  return said;
}

/** The cookies that a script of the page sees, once it has tried to set those that are given. */
export async function scriptCookies(page: Page, given: readonly string[]): Promise<string> {
  return await page.evaluate((cookies) => {
    // runs in the page, which our types know nothing of
    const { document } = globalThis as unknown as { document: { cookie: string } };
    for (const cookie of cookies) document.cookie = cookie;
    return document.cookie;
  }, given);
}
