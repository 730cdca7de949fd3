/** Where frames of a WebSocket begin and end in what passes by, so that a frame of ours can be put between two of them. */
export class FrameEdges {
  /** of the frame that is passing: bytes that are still to come behind its head */
  #left = 0;
  /** of a head that is not whole yet */
  #head = Buffer.alloc(0);

  /** Nothing of a frame has passed that has not passed whole. */
  get isBetween(): boolean {
    return this.#left === 0 && this.#head.length === 0;
  }

  pass(chunk: Buffer): void {
    for (let at = 0; at < chunk.length;) {
      if (this.#left > 0) {
        const passed = Math.min(this.#left, chunk.length - at);
        this.#left -= passed;
        at += passed;
        continue;
      }
      this.#head = Buffer.concat([this.#head, chunk.subarray(at, at + 1)]);
      at += 1;
      if (this.#head.length < headLength(this.#head)) continue;
      this.#left = bodyLength(this.#head);
      this.#head = Buffer.alloc(0);
    }
  }
}

/** How long a head is whose first two bytes are there: RFC 6455, 5.2. */
function headLength(head: Buffer): number {
  if (head.length < 2) return 2;
  const [, second = 0] = head;
  const extended = (second & 0x7f) === 127 ? 8 : (second & 0x7f) === 126 ? 2 : 0;
  return 2 + extended + ((second & 0x80) === 0 ? 0 : 4);
}

function bodyLength(head: Buffer): number {
  const told = (head[1] ?? 0) & 0x7f;
  if (told === 127) return Number(head.readBigUInt64BE(2));
  return told === 126 ? head.readUInt16BE(2) : told;
}
