import { spawn } from "node:child_process";

/** Opens a link in the person's browser; where that fails the printed link is enough. */
export function openInBrowser(link: string): void {
  const command = process.platform === "darwin" ? "open" : "xdg-open";
  const child = spawn(command, [link], { stdio: "ignore", detached: true });
  child.on("error", () => undefined);
  child.unref();
}
