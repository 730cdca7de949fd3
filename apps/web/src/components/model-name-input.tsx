import { useId } from "react";
import { useModelNames } from "../app/model-queries.ts";
import { Input } from "./ui/input.tsx";

interface ModelNameInputProps {
  readonly id: string;
  readonly value: string;
  readonly onChange: (name: string) => void;
  /** names to suggest before all others */
  readonly first?: readonly string[];
  readonly "data-testid": string;
  readonly "aria-describedby"?: string;
  readonly "aria-label"?: string;
}

/** Any name may be typed; those that are known are suggested. */
export function ModelNameInput({ onChange, first = [], ...props }: ModelNameInputProps) {
  const list = useId();
  const names = useModelNames();
  const suggested = [...new Set([...first, ...(names.data ?? [])])];
  return (
    <>
      <Input
        {...props}
        list={list}
        autoComplete="off"
        spellCheck={false}
        className="font-mono"
        placeholder="demo/tour"
        onChange={(event) => onChange(event.target.value)}
      />
      <datalist id={list}>
        {suggested.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  );
}
