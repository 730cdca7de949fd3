import { fileSystemsContract, toolsContract } from "@openhands/testing";
import { bubblewrapProvider } from "../../test/real-providers.ts";

toolsContract("bubblewrap", bubblewrapProvider);
fileSystemsContract("bubblewrap", bubblewrapProvider);
