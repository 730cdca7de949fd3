import { randomBytes } from "node:crypto";
import { KnownEvent, secretHidden } from "@openhands/protocol";
import { describe, expect, test } from "vitest";
import { createRedactor } from "./redactor.ts";
import type { Redactor } from "./store.ts";

const secret = 'sk-Gr33n/Tea+with "milk" & sugar?=é';

function knowing(...values: string[]): Redactor {
  const redactor = createRedactor();
  for (const value of values) redactor.add(value);
  return redactor;
}

/** Deterministic numbers below `limit`, so that a failure can be run again. */
function numbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

describe("forms", () => {
  const forms: [string, string][] = [
    ["as it is", secret],
    ["JSON", JSON.stringify(secret).slice(1, -1)],
    ["JSON in JSON", JSON.stringify(JSON.stringify(secret)).slice(3, -3)],
    ["ASCII JSON", JSON.stringify(secret).slice(1, -1).replace("é", "\\u00e9")],
    ["URL component", encodeURIComponent(secret)],
    [
      "URL component, lower case",
      encodeURIComponent(secret).replaceAll(/%../g, (escape) => escape.toLowerCase()),
    ],
    ["form field", new URLSearchParams({ a: secret }).toString().slice(2)],
    ["base64", Buffer.from(secret).toString("base64")],
    ["base64url", Buffer.from(secret).toString("base64url")],
  ];

  test.each(forms)("%s", (_name, form) => {
    expect(knowing(secret).text(`before ${form} after`)).toBe(`before ${secretHidden} after`);
  });

  test("base64 of a longer input, wherever the secret begins in it", () => {
    const redactor = knowing(secret);
    for (let offset = 0; offset < 9; offset += 1) {
      for (const encoding of ["base64", "base64url"] as const) {
        const text = Buffer.from(`${"k".repeat(offset)}${secret}, and more`).toString(encoding);
        const hidden = redactor.text(text);
        expect(hidden).toContain(secretHidden);
        // what is left of it on either side is less than a byte each
        const [before = "", after = ""] = hidden.split(secretHidden);
        expect(Buffer.from(before, encoding).toString()).toMatch(/^k*.?$/su);
        expect(text.length - before.length - after.length).toBeGreaterThan(
          (Buffer.byteLength(secret) * 4) / 3 - 2,
        );
      }
    }
  });

  test.each(["\n", "\r\n", "\\n", "\\r\\n", "\\\\n"])("base64 broken into lines by %j", (lineBreak) => {
    const long = randomBytes(120).toString("hex");
    const lines =
      Buffer.from(`user:${long}\n`)
        .toString("base64")
        .match(/.{1,76}/g) ?? [];
    const hidden = knowing(long).text(`$ base64\n${lines.join(lineBreak)}\n`);
    expect(hidden.length).toBeLessThan(40);
    expect(hidden).toContain(secretHidden);
  });

  test("a secret of several lines, with the line ends of a terminal", () => {
    const key = `-----BEGIN KEY-----\n${randomBytes(40).toString("base64")}\n-----END KEY-----\n`;
    const redactor = knowing(key);
    expect(redactor.text(key.trim())).toBe(secretHidden);
    expect(redactor.text(key.trim().replaceAll("\n", "\r\n"))).toBe(secretHidden);
  });

  test("overlapping secrets leave nothing of either", () => {
    const redactor = knowing("abcdefgh-1234", "1234-ijklmnop", "abcdefgh-1234-ijkl");
    expect(redactor.text("[abcdefgh-1234-ijklmnop]")).toBe(`[${secretHidden}]`);
  });
});

describe("what is not hidden", () => {
  test("values under eight characters, and the caller learns it", () => {
    const redactor = createRedactor();
    expect(redactor.add("hunter2")).toBe(false);
    expect(redactor.add("  short \n")).toBe(false);
    expect(redactor.add("longer22\n")).toBe(true);
    expect(redactor.text("hunter2 longer22")).toBe(`hunter2 ${secretHidden}`);
  });

  test("words that every event is made of: the log would be lost with them", () => {
    const fields = KnownEvent.options.flatMap(({ shape }) => [shape.kind.value, ...Object.keys(shape)]);
    for (const word of [...fields, "assistant", "environment", "Observation"]) {
      expect(createRedactor().add(word), word).toBe(false);
    }
  });

  test("whole images, while a text that only begins like one is", () => {
    const redactor = knowing(secret);
    const image = `data:image/png;base64,${Buffer.from(`xx${secret}`).toString("base64")}`;
    expect(redactor.json({ image_urls: [image] })).toEqual({ image_urls: [image] });
    expect(redactor.json(`data:image/png;base64,AAAA ${secret}`)).toBe(
      `data:image/png;base64,AAAA ${secretHidden}`,
    );
  });

  test("what holds no secret is the same object", () => {
    const value = { a: ["text", { b: 1, c: null }], d: true };
    expect(createRedactor().json(value)).toBe(value);
    expect(knowing(secret).json(value)).toBe(value);
  });
});

test("json hides in every string, keys too, and changes only what it must", () => {
  const clean = { untouched: [1, "two"] };
  const value = { clean, [`key ${secret}`]: [secret, { deep: `x${secret}` }], number: 7 };
  const hidden = knowing(secret).json(value);
  expect(hidden).toEqual({
    clean,
    [`key ${secretHidden}`]: [secretHidden, { deep: `x${secretHidden}` }],
    number: 7,
  });
  expect(hidden.clean).toBe(clean);
  expect(value.number).toBe(7);
  expect(JSON.stringify(value)).toContain("sk-Gr33n");
});

describe("streams", () => {
  test("cut anyhow, give what the whole text gives", () => {
    const next = numbers(7);
    const values = ["abababab-abab", "abab-ababc", secret, "aaaaaaaaaaaa"];
    const redactor = knowing(...values);
    const parts = [
      ...values,
      ...values.map((value) => encodeURIComponent(value)),
      ...values.map((value) => Buffer.from(value).toString("base64")),
      ...values.map((value) =>
        Buffer.from(`z${value}`)
          .toString("base64")
          .replaceAll(/(.{5})/g, "$1\n"),
      ),
      ...values.map((value) =>
        Buffer.from(value)
          .toString("base64")
          .replaceAll(/(.{7})/g, "$1\\n"),
      ),
      ...values.map((value) => value.slice(0, -1)),
      ...'abc-\\n\n "'.split(""),
      "plain words ",
    ];
    for (let round = 0; round < 2000; round += 1) {
      const text = Array.from({ length: 1 + next(8) }, () => parts[next(parts.length)]).join("");
      const stream = redactor.stream();
      let streamed = "";
      for (let at = 0; at < text.length;) {
        const length = 1 + next(12);
        streamed += stream.push(text.slice(at, at + length));
        at += length;
      }
      expect(streamed + stream.end(), JSON.stringify(text)).toBe(redactor.text(text));
    }
  });

  test("hold back no more than what may be the start of a secret", () => {
    const stream = knowing("password-1234").stream();
    expect(stream.push("the word is pass")).toBe("the word is ");
    expect(knowing("password-1234").undecidedEnd("the word is pass")).toBe("pass".length);
    expect(knowing("password-1234").undecidedEnd("the word is past")).toBe(0);
    expect(createRedactor().undecidedEnd("the word is pass")).toBe(0);
    expect(stream.push("able, or password-12")).toBe("passable, or ");
    expect(stream.push("34!")).toBe(`${secretHidden}!`);
    expect(stream.push("pass")).toBe("");
    expect(stream.end()).toBe("pass");
  });

  test("a secret that becomes known in mid-stream is hidden from there on", () => {
    const redactor = createRedactor();
    const stream = redactor.stream();
    expect(stream.push("nothing known")).toBe("nothing known");
    redactor.add("just-made-token");
    expect(stream.push("just-made-") + stream.push("token")).toBe(secretHidden);
  });
});

test("random secrets in random surroundings are never seen again", () => {
  for (let round = 0; round < 200; round += 1) {
    const value = randomBytes(6 + (round % 60)).toString(round % 2 === 0 ? "base64" : "hex");
    const redactor = knowing(value);
    const around = `${randomBytes(round % 5).toString("latin1")}${value}${randomBytes(3).toString("latin1")}`;
    for (const text of [
      around,
      JSON.stringify({ around }),
      Buffer.from(around, "latin1").toString("base64"),
    ]) {
      const hidden = redactor.text(text);
      expect(hidden).toContain(secretHidden);
      expect(hidden).not.toContain(value);
      expect(Buffer.from(hidden, "base64").toString("latin1")).not.toContain(value);
    }
  }
});
