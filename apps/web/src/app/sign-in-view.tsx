import { type FormEvent, useState } from "react";
import { Brand } from "../components/brand.tsx";
import { Button } from "../components/ui/button.tsx";
import { Input } from "../components/ui/input.tsx";
import { codeIn } from "./access.ts";
import { useServices } from "./services.ts";

/** @param detail why the link that was tried did not work */
export function SignInView({ detail }: { detail: string | null }) {
  const { access } = useServices();
  const [link, setLink] = useState("");
  const [unusable, setUnusable] = useState(false);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const code = codeIn(link);
    setUnusable(code === null);
    if (code !== null) void access.enter(code);
  };
  const trouble = unusable ? "That is not a sign-in link: it ends in #code= and some letters." : detail;
  return (
    <main data-testid="sign-in" className="flex h-full items-center justify-center p-6">
      <title>Sign in · OpenHands</title>
      <div className="flex w-full max-w-sm flex-col gap-5">
        <Brand />
        <div className="flex flex-col gap-2">
          <h1 className="text-[17px] font-semibold tracking-[-0.01em]">Sign in with your link</h1>
          <p className="text-mute">
            Open the link that the server printed, or run{" "}
            <code className="rounded-[5px] border border-line bg-raise px-1 text-code whitespace-nowrap text-ink">
              npx openhands link
            </code>{" "}
            for a new one. A link works once, for 15 minutes; this browser then stays signed in.
          </p>
        </div>
        <form onSubmit={submit} className="flex flex-col gap-2">
          <label htmlFor="sign-in-link" className="text-row font-medium">
            Or paste it here
          </label>
          <div className="flex gap-2">
            <Input
              id="sign-in-link"
              autoComplete="off"
              spellCheck={false}
              placeholder="http://127.0.0.1:3000/#code=…"
              value={link}
              onChange={(event) => setLink(event.target.value)}
            />
            <Button type="submit" look="primary" className="h-[34px]" disabled={link.trim() === ""}>
              Sign in
            </Button>
          </div>
          {trouble ? (
            <p role="alert" data-testid="error-banner" className="text-small text-bad">
              {trouble}
            </p>
          ) : null}
        </form>
      </div>
    </main>
  );
}
