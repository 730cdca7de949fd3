/** Limits where they are really held. */
import { expect } from "vitest";
import { limitsContract } from "@openhands/testing";
import { bubblewrapProvider, dockerProvider } from "../test/real-providers.ts";

limitsContract("docker", dockerProvider);

limitsContract("bubblewrap", async () => {
  const provider = bubblewrapProvider();
  // without them the bomb would be this machine's
  expect((await provider.check()).notes.join()).not.toContain("No control groups");
  return provider;
});
