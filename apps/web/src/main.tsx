import "./app/zod-without-eval.ts";
import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/jetbrains-mono/wght.css";
import "./styles.css";
import { createClient } from "@openhands/client";
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { codeIn, createAccess } from "./app/access.ts";
import { AccessGate } from "./app/access-gate.tsx";
import { columnsFor, createLayoutStore } from "./app/layout-store.ts";
import { createOverlayStore } from "./app/overlay-store.ts";
import { showInList } from "./app/queries.ts";
import { rememberedIn } from "./app/remembered.ts";
import { type Services, ServicesContext } from "./app/services.ts";
import { createThemeStore } from "./app/theme-store.ts";
import { ConversationSessions } from "./conversation/conversation-sessions.ts";
import { createPageRouter } from "./router.tsx";

/** Where the server has the page: its origin, or a path under it. */
const base = new URL(".", document.baseURI);
const client = createClient({ baseUrl: base.href });
const access = createAccess(client);
const queries = new QueryClient({
  queryCache: new QueryCache({ onError: access.noticed }),
  mutationCache: new MutationCache({ onError: access.noticed }),
  defaultOptions: { queries: { retry: false, staleTime: 2_000 } },
});
const remembered = rememberedIn(() => window.localStorage);
const wide = window.matchMedia("(min-width: 1024px)");
const isRoomy = (): boolean => wide.matches;
const services: Services = {
  client,
  access,
  sessions: new ConversationSessions({
    client,
    onInfo: (info) => showInList(queries, info),
    onError: access.noticed,
  }),
  layout: createLayoutStore(remembered, isRoomy),
  theme: createThemeStore(remembered, document.documentElement),
  overlays: createOverlayStore(),
  remembered,
  isRoomy,
};
const router = createPageRouter(base.pathname);

// A column that stood beside the page must not lie over it once the window is narrow.
wide.addEventListener("change", () => services.layout.setState(columnsFor(remembered, isRoomy())));

/** Takes the code of a printed link out of the address, so that it is neither kept nor shown, and comes in with it. */
async function enter(): Promise<void> {
  const code = codeIn(window.location.hash);
  if (code !== null) {
    window.history.replaceState(window.history.state, "", window.location.pathname + window.location.search);
  }
  await access.enter(code);
  if (code !== null) await queries.invalidateQueries();
}

window.addEventListener("hashchange", () => {
  if (codeIn(window.location.hash) !== null) void enter();
});
void enter();

const root = document.getElementById("root");
if (!root) throw new Error("the page has no root");
createRoot(root).render(
  <StrictMode>
    <ServicesContext value={services}>
      <QueryClientProvider client={queries}>
        <AccessGate>
          <RouterProvider router={router} />
        </AccessGate>
      </QueryClientProvider>
    </ServicesContext>
  </StrictMode>,
);
