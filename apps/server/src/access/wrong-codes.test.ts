import { expect, it } from "vitest";
import { WrongCodes } from "./wrong-codes.ts";

const now = 1_800_000_000_000;

function tried(addresses: readonly string[], times = 1): WrongCodes {
  const wrongCodes = new WrongCodes();
  wrongCodes.check("192.0.2.9", now);
  for (const address of addresses) for (let count = 0; count < times; count += 1) wrongCodes.add(address);
  return wrongCodes;
}

it("an address waits after twenty, until the minute is over, and no other one does", () => {
  const wrongCodes = tried(["192.0.2.1"], 20);
  expect(() => wrongCodes.check("192.0.2.1", now + 10_000)).toThrow(
    expect.objectContaining({ code: "too_many", retryAfterSeconds: 50 }),
  );
  expect(() => wrongCodes.check("192.0.2.2", now + 10_000)).not.toThrow();
  expect(() => wrongCodes.check("192.0.2.1", now + 60_000)).not.toThrow();
});

it.each([
  ["2001:db8:1:2::1", "2001:db8:1:2:a:b:c:d", "2001:db8:1:3::1"],
  ["2001:DB8::1", "2001:db8:0:0:ffff::2", "2001:db8:0:1::1"],
  ["::ffff:192.0.2.1", "192.0.2.1", "192.0.2.2"],
  ["fe80::1%eth0", "fe80::2", "fe81::1"],
])("%s is taken for the one who has %s, and not for %s", (first, same, other) => {
  const wrongCodes = tried([first], 20);
  expect(() => wrongCodes.check(same, now)).toThrow();
  expect(() => wrongCodes.check(other, now)).not.toThrow();
});

it("of more addresses than are told apart, the later ones are counted as one", () => {
  const many = Array.from({ length: 10_000 }, (_, index) => `10.0.${index >> 8}.${index & 255}`);
  const wrongCodes = tried([...many, ...Array.from({ length: 20 }, (_, index) => `10.1.0.${index}`)]);
  expect(() => wrongCodes.check("10.2.0.1", now)).toThrow();
  expect(() => wrongCodes.check("10.0.0.1", now)).not.toThrow();
});
