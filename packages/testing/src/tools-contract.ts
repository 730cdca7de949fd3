/** The contract of the agent's tools, to be run on every kind of sandbox. */
import { endsContract } from "./ends-contract.ts";
import { fileBytesContract } from "./file-bytes-contract.ts";
import { filesContract } from "./files-contract.ts";
import { programsContract } from "./programs-contract.ts";
import { redactionContract } from "./redaction-contract.ts";
import { searchContract } from "./search-contract.ts";
import { shellContract } from "./shell-contract.ts";
import { terminalContract } from "./terminal-contract.ts";
import type { MakeProvider } from "./tools-session.ts";

/** @param makeProvider called for each sandbox that the suite makes; a provider may serve all of them */
export function toolsContract(name: string, makeProvider: MakeProvider): void {
  terminalContract(name, makeProvider);
  endsContract(name, makeProvider);
  shellContract(name, makeProvider);
  programsContract(name, makeProvider);
  filesContract(name, makeProvider);
  fileBytesContract(name, makeProvider);
  searchContract(name, makeProvider);
  redactionContract(name, makeProvider);
}
