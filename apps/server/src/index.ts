export { readConfig } from "./config.ts";
export { examine, type NamedFinding } from "./doctor/examine.ts";
export { main } from "./main.ts";
export { Secrets } from "./secrets.ts";
export { type RunningServer, startServer } from "./start.ts";
