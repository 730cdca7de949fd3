import { describe, expect, it } from "vitest";
import { MarkFilter } from "./mark-filter.ts";

const mark = "0123456789abcdef";
const said = (saying: string): string => `\u001e${mark}${saying}\n`;

async function filtered(chunks: readonly Buffer[], count: number) {
  const filter = new MarkFilter(mark, count);
  const output: Buffer[] = [];
  filter.on("data", (chunk: Buffer) => output.push(chunk));
  for (const chunk of chunks) filter.write(chunk);
  filter.end();
  const sayings = await Promise.all(filter.said);
  return { sayings, output: Buffer.concat(output).toString("latin1") };
}

describe("MarkFilter", () => {
  const stream = Buffer.from(`${said("17")}some \u001e output\u001e${mark.slice(0, 5)} and more${said("0")}`);
  const expected = { sayings: ["17", "0"], output: `some \u001e output\u001e${mark.slice(0, 5)} and more` };

  it("takes what is said out of the output, wherever the chunks are cut", async () => {
    expect(await filtered([stream], 2)).toEqual(expected);
    expect(
      await filtered(
        Array.from(stream, (byte) => Buffer.from([byte])),
        2,
      ),
    ).toEqual(expected);
    for (let cut = 1; cut < stream.length; cut += 1) {
      expect(await filtered([stream.subarray(0, cut), stream.subarray(cut)], 2)).toEqual(expected);
    }
  });

  it("takes a terminal's line ends", async () => {
    expect((await filtered([Buffer.from(`\u001e${mark}!program\r\r\n`)], 1)).sayings).toEqual(["!program"]);
  });

  it("passes at once what can't be a mark", () => {
    const filter = new MarkFilter(mark, 1);
    filter.write("prompt> ");
    expect(String(filter.read())).toBe("prompt> ");
  });

  it("ends with the last saying and drops what comes after", async () => {
    const filter = new MarkFilter(mark, 1);
    filter.write(`mine${said("0")}a child's`);
    const output: string[] = [];
    for await (const chunk of filter) output.push(String(chunk));
    expect(output.join("")).toBe("mine");
  });

  it("gives up on what was not said, and keeps the bytes", async () => {
    const cut = `text\u001e${mark}1`;
    expect(await filtered([Buffer.from(cut)], 2)).toEqual({ sayings: [null, null], output: cut });
    const broken = new MarkFilter(mark, 1);
    broken.destroy();
    expect(await broken.said[0]).toBeNull();
  });
});
