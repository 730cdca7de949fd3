import { describe, expect, test } from "vitest";
import { MarkerScanner, type Scan } from "./marker-scanner.ts";

const nonce = "0123456789abcdef";
const start = `\x1b]133;C;${nonce};12.5;3\x07`;
const end = (code: string, folder: string, by = nonce): string =>
  `\x1b]133;D;${code};${by};;${folder};${by}\x07`;

function scan(stream: string, pieceLength: number): Omit<Scan, "after"> {
  const scanner = new MarkerScanner(nonce);
  const bytes = Buffer.from(stream);
  let before = Buffer.alloc(0);
  let output = Buffer.alloc(0);
  for (let from = 0; from < bytes.length; from += pieceLength) {
    const found = scanner.push(bytes.subarray(from, from + pieceLength));
    before = Buffer.concat([before, found.before]);
    output = Buffer.concat([output, found.output]);
    if (found.end) return { before, output, end: found.end };
  }
  return { before, output, end: null };
}

describe("MarkerScanner", () => {
  test.each([1, 2, 7, 1000])("finds output and end in pieces of %i bytes", (pieceLength) => {
    const stream = `echo of the line${start}out\x1b[0mput é\n${end("3", "/a b;c")}prompt`;
    const { before, output, end: found } = scan(stream, pieceLength);
    expect(before.toString()).toBe("echo of the line");
    expect(output.toString()).toBe("out\x1b[0mput é\n");
    expect(found).toEqual({ exitCode: 3, workingDirectory: "/a b;c", exportsChanged: false });
  });

  test.each([1, 1000])("takes markers of others for output (%i bytes a piece)", (pieceLength) => {
    const fake = `${end("0", "/x", "aaaa")}\x1b]133;D;0\x07\x1b]133;D;`;
    const { output, end: found } = scan(`${start}a${fake}b${end("1", "/y")}`, pieceLength);
    expect(output.toString()).toBe(`a${fake}b`);
    expect(found).toEqual({ exitCode: 1, workingDirectory: "/y", exportsChanged: false });
  });

  test("holds back no output that cannot become a marker", () => {
    const scanner = new MarkerScanner(nonce);
    expect(scanner.push(Buffer.from(`${start}10%`)).output.toString()).toBe("10%");
    expect(scanner.push(Buffer.from(`\x1b]133;D;${"x".repeat(9000)}`)).output.length).toBeGreaterThan(9000);
  });

  test("gives what came after the end", () => {
    const { after } = new MarkerScanner(nonce).push(Buffer.from(`${start}${end("0", "/")}later`));
    expect(after.toString()).toBe("later");
  });

  test.each([1, 7, 1000])("tells what the sandbox told at the start (%i bytes a piece)", (pieceLength) => {
    const scanner = new MarkerScanner(nonce);
    const bytes = Buffer.from(`the line${start}out`);
    for (let from = 0; from < bytes.length; from += pieceLength)
      scanner.push(bytes.subarray(from, from + pieceLength));
    expect(scanner.started).toEqual({ uptime: 12.5, memoryKills: 3 });
  });

  test("begins also where the sandbox tells nothing", () => {
    const scanner = new MarkerScanner(nonce);
    expect(scanner.push(Buffer.from(`\x1b]133;C;${nonce};;\x07out`)).output.toString()).toBe("out");
    expect(scanner.started).toEqual({ uptime: 0, memoryKills: 0 });
  });

  test.each([1, 7, 1000])("finds an end without a start (%i bytes a piece)", (pieceLength) => {
    const { before, output, end: found } = scan(`the line${end("0", "/")}`, pieceLength);
    expect(before.toString()).toBe("the line");
    expect(output.toString()).toBe("");
    expect(found).not.toBeNull();
  });

  test.each([1, 7, 1000])("finds the end after a start that was cut (%i bytes a piece)", (pieceLength) => {
    const { output, end: found } = scan(`\x1b]133;C;${nonce};12.5${end("130", "/")}`, pieceLength);
    expect(output.toString()).toBe("");
    expect(found?.exitCode).toBe(130);
  });

  test("knows a folder whose name has a line end", () => {
    expect(scan(`${start}${end("0", "/a\r\nb")}`, 1000).end?.workingDirectory).toBe("/a\nb");
  });

  test("knows an end whose exit code the shell could not say", () => {
    expect(scan(`${start}${end("$?", "/")}`, 1000).end).toEqual({
      exitCode: null,
      workingDirectory: "/",
      exportsChanged: false,
    });
  });
});
