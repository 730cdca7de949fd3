export { ApiError } from "./api-error.ts";
export { type Client, type ClientOptions, createClient } from "./client.ts";
export { connectTerminal, type TerminalConnection, type TerminalOptions } from "./connect-terminal.ts";
export { type EventFollower, type FollowOptions, type FollowState, followEvents } from "./follow-events.ts";
export type { StopReason } from "./stop-reason.ts";
