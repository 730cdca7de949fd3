import type { ReactNode } from "react";

/** A few words in the middle of an otherwise empty place, with what to do next below. */
export function Centered(props: { title: string; text?: ReactNode; children?: ReactNode }) {
  return (
    <div className="flex h-full flex-1 flex-col items-center justify-center gap-3 p-6 text-center">
      <h1 className="text-[15px] font-semibold">{props.title}</h1>
      {props.text ? <p className="max-w-md text-row text-mute wrap-anywhere">{props.text}</p> : null}
      {props.children ? (
        <div className="mt-1 flex flex-wrap justify-center gap-2">{props.children}</div>
      ) : null}
    </div>
  );
}
