import { type ReactNode, useRef } from "react";
import { Button } from "./ui/button.tsx";

interface FileButtonProps {
  readonly label: string;
  readonly title: string;
  /** of the field that takes the files, for tests */
  readonly inputTestId: string;
  /** media types that can be chosen; every one where none is named */
  readonly accept?: readonly string[];
  readonly disabled?: boolean;
  readonly className?: string;
  /** an icon */
  readonly children: ReactNode;
  readonly onFiles: (files: File[]) => void;
}

/** Asks for files; the same ones can be chosen again at once. */
export function FileButton({ label, inputTestId, accept, onFiles, ...props }: FileButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={accept?.join(",")}
        data-testid={inputTestId}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
      <Button look="ghost" size="icon" aria-label={label} onClick={() => input.current?.click()} {...props} />
    </>
  );
}
