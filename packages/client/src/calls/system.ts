import {
  CleanupResult,
  ServerInfo,
  ServerStatus,
  SettingsInfo,
  type SettingsPatch,
  SystemInfo,
  UsageReport,
} from "@openhands/protocol";
import type { Connection } from "../request.ts";

export function systemCalls({ request }: Connection) {
  return {
    get: () => request("/api/system", SystemInfo),
    cleanUp: () => request("/api/system/cleanup", CleanupResult, { method: "POST" }),
  };
}

/** That it is there, and of which version: open to everyone. What it does: not. */
export function serverCalls({ request, download }: Connection) {
  const status = (path: string) => () => request(path, ServerStatus);
  return {
    info: () => request("/server_info", ServerInfo),
    health: status("/health"),
    ready: status("/ready"),
    alive: status("/alive"),
    /** As text for Prometheus. */
    metrics: () => download("/metrics"),
  };
}

export function settingsCalls({ request }: Connection) {
  return {
    get: () => request("/api/settings", SettingsInfo),
    patch: (patch: SettingsPatch) => request("/api/settings", SettingsInfo, { method: "PATCH", body: patch }),
  };
}

/** What the model calls took and cost, by day, model and use. */
export const usageCall =
  ({ request }: Connection) =>
  () =>
    request("/api/usage", UsageReport);
