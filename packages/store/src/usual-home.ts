import { homedir } from "node:os";
import { join } from "node:path";
import { AppError } from "@openhands/protocol";

/** The folder of whoever runs this; null where neither HOME nor the machine's list of users names one. */
export function personFolder(): string | null {
  try {
    const folder = homedir();
    return folder === "" ? null : folder;
  } catch {
    return null;
  }
}

/** The home where none is named. @throws AppError `bad_request` where there is no place for one */
export function usualHome(): string {
  const folder = personFolder();
  if (folder !== null) return join(folder, ".openhands");
  throw new AppError(
    "bad_request",
    "Neither HOME nor the list of users says where your files are: set OPENHANDS_HOME to a folder that you can write to.",
  );
}
