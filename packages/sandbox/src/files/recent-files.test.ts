import { describe, expect, it } from "vitest";
import { KnownBytes } from "./known-bytes.ts";
import { RecentFiles } from "./recent-files.ts";

const megabyte = 1024 * 1024;
const fileOf = (bytes: number): KnownBytes => new KnownBytes(Buffer.alloc(bytes));

describe("RecentFiles", () => {
  it("holds several files, each as it was last", () => {
    const files = new RecentFiles();
    const second = fileOf(20);
    files.keep("/one", fileOf(10));
    files.keep("/two", fileOf(10));
    files.keep("/two", second);
    expect(files.at("/one")?.bytes.length).toBe(10);
    expect(files.at("/two")).toBe(second);
    expect(files.at("/three")).toBeNull();
  });

  it("lets those go first that were kept longest ago", () => {
    const files = new RecentFiles();
    for (const path of ["/one", "/two", "/three"]) files.keep(path, fileOf(megabyte));
    files.keep("/one", fileOf(megabyte));
    files.keep("/four", fileOf(2 * megabyte));
    const held = ["/one", "/two", "/three", "/four"].filter((path) => files.at(path) !== null);
    expect(held).toEqual(["/one", "/three", "/four"]);
  });

  it("forgets a file that has become too large to be held", () => {
    const files = new RecentFiles();
    files.keep("/one", fileOf(10));
    files.keep("/one", fileOf(2 * megabyte + 1));
    expect(files.at("/one")).toBeNull();
  });
});
