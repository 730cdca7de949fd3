import type { Touch } from "./tool.ts";

/** `calls` in their order, in groups whose members may run at the same time. */
export function sideBySide<Call>(
  calls: readonly Call[],
  touches: (call: Call) => readonly Touch[],
): readonly (readonly Call[])[] {
  const groups: Call[][] = [];
  let touched: Touch[] = [];
  for (const call of calls) {
    const own = touches(call);
    const group = groups.at(-1);
    if (group === undefined || own.some((touch) => touched.some((other) => collide(touch, other)))) {
      groups.push([call]);
      touched = [...own];
    } else {
      group.push(call);
      touched.push(...own);
    }
  }
  return groups;
}

function collide(one: Touch, other: Touch): boolean {
  const same = one.resource === "*" || other.resource === "*" || one.resource === other.resource;
  return same && (one.mode === "write" || other.mode === "write");
}
