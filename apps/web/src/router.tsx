/** The pages and their addresses: a page is one file and one line here. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  type ErrorComponentProps,
  lazyRouteComponent,
  Link,
} from "@tanstack/react-router";
import { Shell } from "./app/shell.tsx";
import { Centered } from "./components/centered.tsx";
import { Button } from "./components/ui/button.tsx";
import { ConversationPage } from "./conversation/conversation-page.tsx";
import { HomePage } from "./home/home-page.tsx";

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound, errorComponent: Broken });

const home = createRoute({ getParentRoute: () => root, path: "/", component: HomePage });
/** Fetched when it is gone to: not part of the first load. */
const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  component: lazyRouteComponent(() => import("./settings/settings-page.tsx"), "SettingsPage"),
});
const conversation = createRoute({
  getParentRoute: () => root,
  path: "/conversations/$id",
  component: function ConversationRoute() {
    const { id } = conversation.useParams();
    return <ConversationPage key={id} id={id} />;
  },
});

/** @param basepath the path that all addresses of the page begin with */
export function createPageRouter(basepath: string) {
  return createRouter({ routeTree: root.addChildren([home, settings, conversation]), basepath });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createPageRouter>;
  }
}

function NotFound() {
  return (
    <Centered title="There is nothing at this address">
      <Button asChild>
        <Link to="/">Go to the start</Link>
      </Button>
    </Centered>
  );
}

function Broken({ error }: ErrorComponentProps) {
  const text = error instanceof Error ? error.message : String(error);
  return (
    <Centered title="The page itself failed" text={text}>
      <Button look="primary" onClick={() => window.location.reload()}>
        Load the page again
      </Button>
    </Centered>
  );
}
