import { readOrMakeKeyFile } from "./key-file.ts";
import type { Layout } from "./layout.ts";

/** The key that programs present as `X-Session-API-Key`, made at the first call. */
export function readOrMakeSessionKey(layout: Layout): Promise<string> {
  return readOrMakeKeyFile(layout.sessionKeyFile);
}
