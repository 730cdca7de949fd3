import { test } from "vitest";
import { surviveKills } from "../test/survive-kills.ts";

test("two thousand kills within a write lose no acknowledged event and leave the log whole", async () => {
  await surviveKills(2000);
});
