import { toolsContract } from "@openhands/testing";
import { createLocalProvider } from "./local-provider.ts";

toolsContract("local", () => createLocalProvider());
