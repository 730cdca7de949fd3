import { useOpenSession } from "../conversation/use-open-session.ts";
import { Dialog } from "../components/ui/dialog.tsx";
import { OtherModel } from "../conversation/other-model.tsx";

/** The conversation that is open goes on with another model. */
export function ModelDialog({ onClose }: { onClose: () => void }) {
  const session = useOpenSession();
  if (session === null) return null;
  const model = session.store.getState().info?.llm_model ?? "";
  return (
    <Dialog label="Go on with another model" onClose={onClose}>
      <div className="flex flex-col gap-3 p-4">
        <h2 className="font-semibold">Go on with another model</h2>
        <p className="text-row text-mute">
          Now: <span className="font-mono text-code text-ink">{model}</span>. The change holds from the next
          request on, for this conversation.
        </p>
        <OtherModel id={session.id} onDone={onClose} />
      </div>
    </Dialog>
  );
}
