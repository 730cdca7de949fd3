import { text } from "@openhands/protocol";
import { createOutputStore, createRedactor } from "@openhands/store";
import { temporaryHome } from "@openhands/testing";
import { expect, test } from "vitest";
import { keepLongOutput } from "./keep-long-output.ts";

const secret = "sk-9f8e7d6c5b4a39281706";
const base64 = Buffer.from(secret).toString("base64");

test.each([
  ["as it is", secret],
  ["in base64", base64],
])("an output that is clipped within a secret, %s, tells no part of it", async (_, form) => {
  await using home = await temporaryHome();
  const redactor = createRedactor();
  redactor.add(secret);
  const outputs = createOutputStore(home.path, redactor);
  const short = Array.from({ length: form.length - 3 }, (__, at) => form.slice(at, at + 4));
  for (let offset = 0; offset <= 400; offset += 2) {
    // the cut is near 15,000 from either end, less half of what it says instead
    const near = "\u00b7".repeat(14_650 + offset);
    const long = near + form + "\u00b7".repeat(20_000) + form + near;
    const whole = { kind: "ThinkObservation" as const, content: [text(long)], is_error: false };
    const kept = await keepLongOutput(whole, outputs.begin("an-action"), (value) => redactor.text(value));
    const shown = JSON.stringify(kept.observation);
    expect(shown.length).toBeLessThan(31_000);
    expect(short.filter((part) => shown.includes(part))).toEqual([]);
  }
});
