import { SignInLink } from "@openhands/protocol";
import { type Connection, nothing } from "../request.ts";

export function accessCalls({ request }: Connection) {
  return {
    /** Exchanges the one-time code of a printed link for the page's cookie. */
    signIn: (code: string): Promise<void> =>
      request("/api/auth/sign-in", nothing, { method: "POST", body: { code } }),
    /** Revokes the page's cookie. */
    signOut: (): Promise<void> => request("/api/auth/sign-out", nothing, { method: "POST" }),
    /** A link that signs one page in, once. `wrong_state` where the server asks for no key. */
    link: () => request("/api/auth/link", SignInLink, { method: "POST" }),
  };
}
