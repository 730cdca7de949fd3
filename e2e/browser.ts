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
