import type { ReactNode } from "react";

/** A control with its name above and what to know about it below. */
export function Field(props: { id: string; name: string; note?: ReactNode; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={props.id} className="text-row font-medium">
        {props.name}
      </label>
      {props.children}
      {props.note ? (
        <p id={`${props.id}-note`} className="text-small text-mute">
          {props.note}
        </p>
      ) : null}
    </div>
  );
}
