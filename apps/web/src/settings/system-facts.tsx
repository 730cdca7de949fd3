import { useSystem } from "../app/queries.ts";
import { IsolationWarning } from "../app/isolation-warning.tsx";

/** Where commands run and where everything is kept, for who wants to know. */
export function SystemFacts() {
  const system = useSystem();
  if (!system.data) return null;
  const { version, runtime, home, warnings } = system.data;
  const warned = warnings.filter((warning) => !runtime.notes.includes(warning));
  const facts = [
    ["Version", version],
    ["Sandboxes", `${runtime.kind}, ${runtime.engine}`],
    ["Kept in", home],
  ] as const;
  return (
    <section aria-labelledby="system-heading" className="flex flex-col gap-2.5">
      <h2 id="system-heading" className="text-[15px] font-semibold">
        System
      </h2>
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1 text-row">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-mute">{name}</dt>
            <dd className="font-mono text-code wrap-anywhere">{value}</dd>
          </div>
        ))}
      </dl>
      {runtime.message ? <p className="text-small text-mute">{runtime.message}</p> : null}
      {runtime.notes.map((note) => (
        <p key={note} className="text-small text-mute">
          {note}
        </p>
      ))}
      {warned.map((warning) => (
        <p key={warning} className="text-small text-warn">
          {warning}
        </p>
      ))}
      <IsolationWarning runtime={runtime.kind} />
    </section>
  );
}
