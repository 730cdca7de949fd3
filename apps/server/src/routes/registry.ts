/** The nouns of the API. A new one: a file here and a name below. */
import type { OpenAPIHono } from "@hono/zod-openapi";
import { accessRoutes } from "./access.ts";
import { attachmentRoutes } from "./attachments.ts";
import { confirmationRoutes } from "./confirmation.ts";
import type { RouteContext } from "./context.ts";
import { conversationRoutes } from "./conversations.ts";
import { eventRoutes } from "./events.ts";
import { fileRoutes } from "./files.ts";
import { gitRoutes } from "./git.ts";
import { outputRoutes } from "./outputs.ts";
import { mcpRoutes } from "./mcp.ts";
import { metricsRoutes } from "./metrics.ts";
import { modelRoutes } from "./models.ts";
import { optionsRoutes } from "./options.ts";
import { portRoutes } from "./ports.ts";
import { queueRoutes } from "./queue.ts";
import { runRoutes } from "./runs.ts";
import { secretRoutes } from "./secrets.ts";
import { settingsRoutes } from "./settings.ts";
import { systemRoutes } from "./system.ts";
import { trajectoryRoutes } from "./trajectories.ts";
import { usageRoutes } from "./usage.ts";

export const routes: readonly ((app: OpenAPIHono, context: RouteContext) => void)[] = [
  accessRoutes,
  systemRoutes,
  settingsRoutes,
  secretRoutes,
  optionsRoutes,
  usageRoutes,
  conversationRoutes,
  eventRoutes,
  outputRoutes,
  attachmentRoutes,
  trajectoryRoutes,
  fileRoutes,
  gitRoutes,
  portRoutes,
  runRoutes,
  confirmationRoutes,
  queueRoutes,
  modelRoutes,
  mcpRoutes,
  metricsRoutes,
];
