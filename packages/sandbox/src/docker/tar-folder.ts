/** A tar archive that holds one folder and nothing else: how a home directory gets its owner without a process inside. */

const blockLength = 512;

const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, "0")}\0`;

/** Numbers beyond the octal digits (uids above 2,097,151) are written in tar's binary form. */
function writeNumber(block: Buffer, value: number, offset: number): void {
  if (value <= 0o7777777) {
    block.write(octal(value, 7), offset, "latin1");
  } else {
    block[offset] = 0x80;
    block.writeUInt32BE(value, offset + 4);
  }
}

/** @param path relative, under 100 characters */
export function tarOfFolder(path: string, owner: { uid: number; gid: number }): Buffer {
  const header = Buffer.alloc(blockLength);
  header.write(`${path}/`, 0, "latin1");
  header.write(octal(0o755, 7), 100, "latin1");
  writeNumber(header, owner.uid, 108);
  writeNumber(header, owner.gid, 116);
  header.write(octal(0, 11), 124, "latin1");
  header.write(octal(0, 11), 136, "latin1");
  header.write(" ".repeat(8), 148, "latin1");
  header.write("5", 156, "latin1");
  header.write("ustar\0", 257, "latin1");
  header.write("00", 263, "latin1");
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)} `, 148, "latin1");
  return Buffer.concat([header, Buffer.alloc(2 * blockLength)]);
}
