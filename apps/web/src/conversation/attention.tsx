import type { ConversationInfo } from "@openhands/protocol";
import { Link } from "@tanstack/react-router";
import { useStore } from "zustand";
import { OutputText } from "../components/output-text.tsx";
import { Button } from "../components/ui/button.tsx";
import { Notice } from "../components/ui/notice.tsx";
import type { ConversationSession } from "./conversation-session.ts";
import { RetryNotice } from "./retry-notice.tsx";
import { useVerb, type Verb } from "./use-verb.ts";

/** At the end of the conversation: what needs the person, each with what to do about it. */
export function Attention({ session }: { session: ConversationSession }) {
  const info = useStore(session.store, (view) => view.info);
  const warning = useStore(session.store, (view) => view.warning);
  return (
    <>
      {info?.sandbox.status === "error" ? <SandboxFailure info={info} /> : null}
      {info?.retry ? <RetryNotice info={info} retry={info.retry} /> : null}
      {info ? <StatusNotice info={info} /> : null}
      {warning === null ? null : (
        <Notice
          tone="bad"
          role="alert"
          title={warning}
          actions={<Button onClick={() => session.store.setState({ warning: null })}>Close</Button>}
        />
      )}
    </>
  );
}

function StatusNotice({ info }: { info: ConversationInfo }) {
  switch (info.execution_status) {
    case "error":
      return <RunFailure info={info} />;
    case "stuck":
      return (
        <Notice
          tone="bad"
          title="It went round in circles and was stopped"
          actions={<VerbButton id={info.id} verb="run" word="Try again" />}
        >
          <p className="text-mute">Say what it should do differently, or let it try again.</p>
        </Notice>
      );
    case "paused":
      return (
        <Notice
          tone="wait"
          compact
          title="Paused"
          actions={<VerbButton id={info.id} verb="run" word="Go on" primary />}
        >
          <p className="text-mute">It goes on where it was, or with what you write.</p>
        </Notice>
      );
    default:
      return null;
  }
}

/** Codes of errors that the settings can put right. */
const settingsCodes: ReadonlySet<string> = new Set([
  "model_auth",
  "model_quota",
  "model_bad_request",
  "model_malformed",
]);

function RunFailure({ info }: { info: ConversationInfo }) {
  const code = info.error?.code ?? "";
  const settingsFirst = settingsCodes.has(code);
  const settings = (
    <Button asChild key="settings" look={settingsFirst ? "primary" : "plain"}>
      <Link to="/settings">Open settings</Link>
    </Button>
  );
  const again = <VerbButton key="again" id={info.id} verb="run" word="Try again" primary={!settingsFirst} />;
  return (
    <Notice
      tone="bad"
      role="alert"
      data-testid="error-banner"
      data-code={code}
      title="It stopped"
      actions={settingsFirst ? [settings, again] : [again, settings]}
    >
      <p className="text-mute">{info.error?.detail ?? "The server did not say why. Its log may."}</p>
    </Notice>
  );
}

function SandboxFailure({ info }: { info: ConversationInfo }) {
  const { message, exit_code: exitCode, log_tail: tail } = info.sandbox;
  const exit = typeof exitCode === "number" ? ` (exit code ${exitCode})` : "";
  return (
    <Notice
      tone="bad"
      role="alert"
      data-testid="sandbox-error"
      title={`The sandbox failed${exit}`}
      actions={<VerbButton id={info.id} verb="resume" word="Retry" primary />}
    >
      {message ? <p className="text-mute">{message}</p> : null}
      {tail ? (
        <div className="mt-2 rounded-lg border border-line bg-term px-3 py-2">
          <OutputText text={tail} headLines={0} tailLines={20} />
        </div>
      ) : null}
    </Notice>
  );
}

interface VerbButtonProps {
  readonly id: string;
  readonly verb: Verb;
  readonly word: string;
  readonly primary?: boolean;
}

function VerbButton({ id, verb, word, primary = false }: VerbButtonProps) {
  const { go, isPending, failure } = useVerb(id, verb);
  return (
    <>
      <Button look={primary ? "primary" : "plain"} disabled={isPending} onClick={go}>
        {word}
      </Button>
      {failure ? <p className="w-full text-small text-bad">{failure}</p> : null}
    </>
  );
}
