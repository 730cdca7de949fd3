export { readConfig } from "./config.ts";
export { main } from "./main.ts";
export { type RunningServer, startServer } from "./start.ts";
