import { expect, test } from "vitest";
import { isToday, shortWhen } from "./when.ts";

const now = new Date(2026, 10, 23, 0, 30);
const at = (...parts: [number, number, number, number, number]) => new Date(...parts).toISOString();

test("today is a clock time, the day before a weekday even when it was just now", () => {
  expect(shortWhen(at(2026, 10, 23, 0, 5), now)).toBe("00:05");
  expect(shortWhen(at(2026, 10, 22, 23, 59), now)).toBe("Sun");
});

test("a week back and more is a date", () => {
  expect(shortWhen(at(2026, 10, 17, 12, 0), now)).toBe("Tue");
  expect(shortWhen(at(2026, 10, 16, 12, 0), now)).toBe("16 Nov");
});

test("an unreadable time is left out", () => {
  expect(shortWhen("soon", now)).toBe("");
});

test("today ends at midnight", () => {
  expect(isToday(at(2026, 10, 23, 0, 0), now)).toBe(true);
  expect(isToday(at(2026, 10, 22, 23, 59), now)).toBe(false);
});
