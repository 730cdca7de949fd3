import { rm } from "node:fs/promises";
import type { Runtimes } from "./runtimes.ts";

/**
 * Deletes a folder with all that lies in it, also what this process may not delete, where a kind of sandbox can. One
 * that is not there is no error.
 * @throws SandboxError
 */
export async function deleteFolder(runtimes: Runtimes, folder: string): Promise<void> {
  const remove = async (): Promise<void> => await rm(folder, { recursive: true, force: true });
  try {
    await remove();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code !== "EACCES" && code !== "EPERM") throw error;
    for (const provider of runtimes.all()) await provider.emptyFolder?.(folder);
    await remove();
  }
}
