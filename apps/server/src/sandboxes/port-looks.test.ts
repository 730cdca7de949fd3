import { expect, it } from "vitest";
import { PortLooks } from "./port-looks.ts";

it("one look after the other, in the order in which they were asked for", async () => {
  const looks = new PortLooks();
  const seen: string[] = [];
  const look = async (name: string): Promise<void> => {
    seen.push(`${name} begins`);
    await new Promise(setImmediate);
    seen.push(`${name} ends`);
  };
  const names = ["first", "second", "third"];
  await Promise.all(names.map(async (name) => await looks.take(async () => await look(name))));
  expect(seen).toEqual(names.flatMap((name) => [`${name} begins`, `${name} ends`]));
});

it("one that fails tells who asked for it, and one that comes to no end holds up nobody", async () => {
  const looks = new PortLooks();
  await expect(looks.take(async () => await Promise.reject(new Error("gone")))).rejects.toThrow("gone");
  void looks.take(async () => await new Promise(() => {}));
  let hasLooked = false;
  await looks.take(async () => void (hasLooked = true));
  expect(hasLooked).toBe(true);
});
