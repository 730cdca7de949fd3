/** The measurements. A new one: a file here and a name below. */
import { agent } from "./agent.ts";
import type { Bench } from "./bench.ts";
import { models } from "./models.ts";
import { page } from "./page.ts";
import { run } from "./run.ts";
import { sandbox } from "./sandbox.ts";
import { server } from "./server.ts";
import { start } from "./start.ts";
import { step } from "./step.ts";
import { store } from "./store.ts";
import { terminal } from "./terminal.ts";

export const benches: readonly Bench[] = [
  start,
  server,
  run,
  sandbox,
  step,
  agent,
  terminal,
  store,
  models,
  page,
];
