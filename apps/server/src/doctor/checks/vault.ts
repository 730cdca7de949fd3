import { stat } from "node:fs/promises";
import { openVault } from "@openhands/store";
import { type Check, ok, problem } from "../check.ts";

export const vaultCheck: Check = {
  name: "vault",
  run: async ({ layout, config }) => {
    // opening it would make the folder
    if ((await stat(layout.secretsFolder).catch(() => null)) === null) return [ok("The vault is empty.")];
    const vault = await openVault({ layout, environmentKey: config.secretKey });
    if (vault.locked !== null) {
      return [
        problem(vault.locked, "Give back the key that the secrets were stored with, or store them anew."),
      ];
    }
    const names = vault.names();
    return [ok(`The vault is open and holds ${names.length} secret${names.length === 1 ? "" : "s"}.`)];
  },
};
