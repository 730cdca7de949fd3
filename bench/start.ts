import { readFile } from "node:fs/promises";
import { setTimeout as after } from "node:timers/promises";
import { temporaryHome } from "@openhands/testing";
import { startServerProcess } from "../apps/server/test/server-process.ts";
import { type Bench, milliseconds } from "./bench.ts";

const starts = 8;

/** From the process's start to its line "is ready", and what it holds a second later. */
export const start: Bench = {
  name: "start",
  promise: "listening within 0.5 s; idle memory at most 120 MB",
  run: async () => {
    const times: number[] = [];
    let memory = "";
    for (let round = 0; round < starts; round += 1) {
      await using home = await temporaryHome();
      const began = performance.now();
      await using server = await startServerProcess({ home: home.path, runtime: "bubblewrap" });
      times.push(performance.now() - began);
      await after(1000);
      memory = /VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${server.pid}/status`, "utf8"))?.[1] ?? "";
    }
    return [
      { what: "start → ready, first time (cold compile cache)", value: milliseconds(times.slice(0, 1)) },
      { what: "start → ready", value: milliseconds(times.slice(1)) },
      { what: "idle memory (RSS)", value: `${Math.round(Number(memory) / 1024)} MB` },
    ];
  },
};
