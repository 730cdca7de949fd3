/** Whether this browser may come in: exchanges the code of a printed link, and learns when access is gone. */
import { ApiError, type Client } from "@openhands/client";
import { createStore, type StoreApi } from "zustand/vanilla";

export type AccessState =
  | { readonly state: "checking" }
  | { readonly state: "granted" }
  /** `detail`: why the link did not work, where one was tried */
  | { readonly state: "denied"; readonly detail: string | null }
  | { readonly state: "unreachable"; readonly detail: string };

export interface Access {
  readonly store: StoreApi<AccessState>;
  /** Comes in with the code, or with the cookie that is there when the code is null. */
  readonly enter: (code: string | null) => Promise<void>;
  /** To be told every failed call: one for want of access closes the page. */
  readonly noticed: (error: unknown) => void;
}

export function createAccess(client: Pick<Client, "signIn" | "system">): Access {
  const store = createStore<AccessState>(() => ({ state: "checking" }));
  const set = (state: AccessState): void => store.setState(state, true);
  const enter = async (code: string | null): Promise<void> => {
    set({ state: "checking" });
    const refused = code === null ? null : await signInError(client, code);
    try {
      await client.system.get();
      set({ state: "granted" });
    } catch (error) {
      const denied = error instanceof ApiError && error.isAccess;
      // A used link is no trouble for a browser that is signed in already, so only now its failure is told.
      if (denied) set({ state: "denied", detail: refused });
      else set({ state: "unreachable", detail: error instanceof Error ? error.message : String(error) });
    }
  };
  return {
    store,
    enter,
    noticed: (error) => {
      if (error instanceof ApiError && error.isAccess) set({ state: "denied", detail: null });
    },
  };
}

async function signInError(client: Pick<Client, "signIn">, code: string): Promise<string | null> {
  try {
    await client.signIn(code);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The code in a printed link, in its fragment, or in what was pasted; null when there is none. */
export function codeIn(text: string): string | null {
  const marked = /#(?:.*&)?code=([^&\s]+)/.exec(text);
  if (marked?.[1]) return decodeURIComponent(marked[1]);
  const bare = text.trim();
  return /^[\w-]{8,200}$/.test(bare) ? bare : null;
}
