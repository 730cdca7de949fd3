import { sandboxContract, toolsContract } from "@openhands/testing";
import { createLocalProvider } from "./local-provider.ts";

const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };

sandboxContract("local", {
  makeProvider: () => createLocalProvider(),
  owner,
  isolated: false,
  adoptable: false,
});

toolsContract("local", () => createLocalProvider());
