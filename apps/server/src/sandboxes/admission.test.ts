import { describe, expect, it } from "vitest";
import { Admission, type Holder, type Place } from "./admission.ts";

class Guest implements Holder {
  idleSince: number | null = null;
  place: Place | null = null;
  positions: number[] = [];
  readonly #controller = new AbortController();

  async enter(admission: Admission): Promise<void> {
    const onPosition = (position: number): void => void this.positions.push(position);
    this.place = await admission.enter(this, { signal: this.#controller.signal, onPosition });
  }

  giveUp(): void {
    this.#controller.abort(new Error("not needed any more"));
  }

  async makeRoom(): Promise<void> {
    this.place?.leave();
    this.place = null;
  }
}

/** Three guests at two places, all busy. */
async function fullHouse() {
  const admission = new Admission(() => 2);
  const [first, second, third, fourth] = [new Guest(), new Guest(), new Guest(), new Guest()] as const;
  await first.enter(admission);
  await second.enter(admission);
  return { admission, first, second, third, fourth };
}

describe("admission", () => {
  it("lets in as many as there are places, and the others in the order in which they came", async () => {
    const { admission, first, second, third, fourth } = await fullHouse();
    const entered = [third.enter(admission), fourth.enter(admission)];
    expect([third.positions, fourth.positions]).toEqual([[1], [2]]);
    first.place?.leave();
    first.place?.leave();
    await entered[0];
    expect(fourth.positions).toEqual([2, 1]);
    expect(admission.running).toBe(2);
    second.place?.leave();
    await entered[1];
    expect(admission.waiting).toBe(0);
  });

  it("asks who has been idle longest to leave, and never who is busy", async () => {
    const { admission, first, second, third, fourth } = await fullHouse();
    const entered = third.enter(admission);
    expect([first.place, second.place]).not.toContain(null);
    second.idleSince = 5;
    first.idleSince = 9;
    admission.reconsider();
    await entered;
    expect(first.place).not.toBeNull();
    expect(second.place).toBeNull();
    first.idleSince = null;
    void fourth.enter(admission);
    expect(first.place).not.toBeNull();
    expect(fourth.positions).toEqual([1]);
  });

  it("forgets who gives up, and tells those behind", async () => {
    const { admission, first, third, fourth } = await fullHouse();
    const entered = [third.enter(admission), fourth.enter(admission)];
    third.giveUp();
    await expect(entered[0]).rejects.toThrow("not needed any more");
    expect(fourth.positions).toEqual([2, 1]);
    first.place?.leave();
    await entered[1];
  });

  it("has a place for who asks for a spare one only where nobody waits", async () => {
    const { admission, first, third } = await fullHouse();
    expect(admission.enterIfFree(new Guest())).toBeNull();
    const spare = new Guest();
    first.place?.leave();
    spare.place = admission.enterIfFree(spare);
    spare.idleSince = 0;
    await third.enter(admission);
    expect(spare.place).toBeNull();
  });

  it("takes back the place of who it was passed to", async () => {
    const { admission, first, third } = await fullHouse();
    const heir = new Guest();
    heir.place = first.place;
    first.place?.pass(heir);
    first.idleSince = 0;
    heir.idleSince = 1;
    await third.enter(admission);
    expect(heir.place).toBeNull();
  });
});
