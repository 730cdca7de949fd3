/**
 * How far a package manager has come, from what apt prints: each new package is fetched, unpacked and set up once.
 * Feed it line by line; it answers with a part from 0 to 1, or null while it is not known how many there are.
 */
export function packageProgress(): (line: string) => number | null {
  let packages: number | null = null;
  let fetched = 0;
  let unpacked = 0;
  let ready = 0;
  return (line) => {
    const count = /(\d+) newly installed/.exec(line)?.[1];
    if (count !== undefined) {
      packages = Number(count);
      [fetched, unpacked, ready] = [0, 0, 0];
    } else if (/^Get:\d+ /.test(line)) fetched += 1;
    else if (line.startsWith("Unpacking ")) unpacked += 1;
    else if (line.startsWith("Setting up ")) ready += 1;
    if (packages === null || packages === 0) return null;
    return Math.min(1, (fetched + unpacked + ready) / (3 * packages));
  };
}
