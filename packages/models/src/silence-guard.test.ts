import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SilenceGuard } from "./silence-guard.ts";

const limits = { firstByteSeconds: 120, silenceSeconds: 60, attempts: 1 };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("the first part may take as long as the first limit says", () => {
  const guard = new SilenceGuard(limits, new AbortController().signal);
  vi.advanceTimersByTime(119_999);
  expect(guard.signal.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(guard.signal.aborted).toBe(true);
  expect(guard.fault).toMatchObject({ fault: "first-byte", seconds: 120 });
});

test("every part starts the second limit anew", () => {
  const guard = new SilenceGuard(limits, new AbortController().signal);
  vi.advanceTimersByTime(100_000);
  for (let part = 0; part < 5; part += 1) {
    guard.heard();
    vi.advanceTimersByTime(59_999);
    expect(guard.signal.aborted).toBe(false);
  }
  vi.advanceTimersByTime(1);
  expect(guard.fault).toMatchObject({ fault: "silence", seconds: 60 });
});

test("closed, it neither counts nor listens", () => {
  const controller = new AbortController();
  const guard = new SilenceGuard(limits, controller.signal);
  guard.heard();
  guard.close();
  controller.abort();
  vi.advanceTimersByTime(1_000_000);
  expect(guard.signal.aborted).toBe(false);
  expect(vi.getTimerCount()).toBe(0);
});

test("an abort is passed on with its reason and is no fault", () => {
  const controller = new AbortController();
  const guard = new SilenceGuard(limits, controller.signal);
  controller.abort("stopped");
  expect(guard.signal.reason).toBe("stopped");
  expect(guard.fault).toBeNull();
  guard.close();
});
