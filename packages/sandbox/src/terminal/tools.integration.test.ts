/** The agent's tools where they really run. The local kind has them beside its own code. */
import { fileSystemsContract, toolsContract } from "@openhands/testing";
import { realProviders } from "../../test/real-providers.ts";

for (const [name, makeProvider] of Object.entries(realProviders)) {
  toolsContract(name, makeProvider);
  fileSystemsContract(name, makeProvider);
}
