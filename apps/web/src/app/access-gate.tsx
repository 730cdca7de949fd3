import { useStore } from "zustand";
import type { ReactNode } from "react";
import { Centered } from "../components/centered.tsx";
import { Button } from "../components/ui/button.tsx";
import { useServices } from "./services.ts";
import { SignInView } from "./sign-in-view.tsx";

/** Shows the page to who may see it, and everybody else how to come in. */
export function AccessGate({ children }: { children: ReactNode }) {
  const { access } = useServices();
  const state = useStore(access.store);
  switch (state.state) {
    case "granted":
      return children;
    case "checking":
      return <Centered title="Connecting to the server" />;
    case "denied":
      return <SignInView detail={state.detail} />;
    case "unreachable":
      return (
        <Centered title="The server does not answer" text={state.detail}>
          <Button look="primary" onClick={() => void access.enter(null)}>
            Try again
          </Button>
        </Centered>
      );
  }
}
