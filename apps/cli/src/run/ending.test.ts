import { ConversationInfo } from "@openhands/protocol";
import { expect, test } from "vitest";
import { exitCodeOf } from "./ending.ts";

const Ended = ConversationInfo.pick({ execution_status: true, error: true });

test.each([
  ["idle", null, null],
  ["running", null, null],
  ["finished", null, 0],
  ["error", "model_access", 1],
  ["stuck", "Stuck", 1],
  ["paused", null, 2],
  ["waiting_for_confirmation", null, 2],
  ["error", "MaxBudgetReached", 3],
  ["error", "MaxIterationsReached", 3],
])("%s (%s) is exit code %s", (status, code, expected) => {
  const error = code === null ? null : { code, detail: "" };
  expect(exitCodeOf(Ended.parse({ execution_status: status, error }))).toBe(expected);
});
