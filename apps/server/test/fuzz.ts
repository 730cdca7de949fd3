/** Values that nearly fit a JSON schema, and ones that do not at all, from a seed, so that a failure can be had again. */
import * as z from "zod";

export interface Schema {
  readonly [keyword: string]: unknown;
}

/** Keywords that matter here; everything else of a schema is passed over. */
const Known = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  properties: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
  items: z.record(z.string(), z.unknown()).optional(),
  anyOf: z.array(z.record(z.string(), z.unknown())).optional(),
  oneOf: z.array(z.record(z.string(), z.unknown())).optional(),
  allOf: z.array(z.record(z.string(), z.unknown())).optional(),
});

const texts = [
  "",
  "x",
  "NeverConfirm",
  "user",
  "text",
  "0",
  "-1",
  "null",
  "../../etc/passwd",
  "/workspace/a",
  "\u0000",
  "a\nb\r\nc: d",
  "💥 ß 漢字 \uD800",
  "%ff%00",
  "'; DROP TABLE x; --",
  "__proto__",
  "2026-01-01T00:00:00",
  "f".repeat(32),
  "long ".repeat(500),
];
const numbers = [0, 1, -1, 0.5, 7, 101, 1e9, 2 ** 53, -(2 ** 63), 1e308, 1e-9];

export class Fuzz {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** From 0 to below `below`. */
  number(below: number): number {
    // mulberry32
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  }

  pick<T>(from: readonly T[]): T {
    const item = from[this.number(from.length)];
    if (item === undefined) throw new Error("nothing to pick from");
    return item;
  }

  text(): string {
    return this.pick(texts);
  }

  /** Mostly what `schema` asks for, with something wrong in it now and then. */
  value(schema: Schema): unknown {
    if (this.number(8) === 0) return this.#anything(3);
    const known = Known.parse(schema);
    const choices = known.anyOf ?? known.oneOf;
    if (choices !== undefined && choices.length > 0) return this.value(this.pick(choices));
    if (known.allOf !== undefined)
      return Object.assign({}, ...known.allOf.map((part) => this.value(part))) as unknown;
    if (known.enum !== undefined && known.enum.length > 0) return known.enum[this.number(known.enum.length)];
    if (known.const !== undefined) return known.const;
    const type = Array.isArray(known.type) ? known.type[this.number(known.type.length)] : known.type;
    return this.#ofType(type, known);
  }

  #ofType(type: string | undefined, { properties = {}, items = {} }: z.infer<typeof Known>): unknown {
    switch (type) {
      case "object": {
        const fields = Object.entries(properties).filter(() => this.number(3) > 0);
        const extra = this.number(6) === 0 ? [[this.text(), this.#anything(2)]] : [];
        return Object.fromEntries([
          ...fields.map(([name, field]) => [name, this.value(field)]),
          ...extra,
        ]) as unknown;
      }
      case "array":
        return Array.from({ length: this.number(4) }, () => this.value(items));
      case "string":
        return this.text();
      case "boolean":
        return this.number(2) === 0;
      case "integer":
      case "number":
        return this.pick(numbers);
      default:
        return this.#anything(3);
    }
  }

  #anything(depth: number): unknown {
    const kind = this.number(depth === 0 ? 4 : 6);
    if (kind === 0) return null;
    if (kind === 1) return this.text();
    if (kind === 2) return this.pick(numbers);
    if (kind === 3) return true;
    if (kind === 4) return Array.from({ length: this.number(3) }, () => this.#anything(depth - 1));
    return { [this.text()]: this.#anything(depth - 1), constructor: this.#anything(depth - 1) };
  }
}
