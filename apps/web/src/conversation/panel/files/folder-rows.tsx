import type { FileEntry } from "@openhands/protocol";
import { File, FileSymlink, Folder } from "lucide-react";
import { useState } from "react";
import { FoldButton } from "../../../components/fold-button.tsx";
import { byteWords } from "../../../format/bytes.ts";
import { visibleText } from "../../../format/visible-text.ts";
import { TabFailure } from "../tab-failure.tsx";
import { useFolder } from "../workspace-queries.ts";

interface FolderRowsProps {
  readonly id: string;
  /** from the workspace on; empty: the workspace itself */
  readonly path: string;
  readonly depth: number;
  readonly onShow: (entry: FileEntry) => void;
}

/** What lies in a folder, a row each; a folder in it is read once it is opened. */
export function FolderRows({ id, path, depth, onShow }: FolderRowsProps) {
  const folder = useFolder(id, path);
  if (folder.isError) return <TabFailure error={folder.error} onRetry={() => void folder.refetch()} />;
  if (!folder.data) return <Hint depth={depth}>Reading</Hint>;
  const { items, truncated } = folder.data;
  if (items.length === 0)
    return (
      <Hint depth={depth}>
        {depth === 0 ? "No files yet. Drop some here, or let the agent make them." : "Empty"}
      </Hint>
    );
  return (
    <ul>
      {items.map((entry) => (
        <li key={entry.path} data-folder={entry.type === "directory" ? entry.path : undefined}>
          {entry.type === "directory" ? (
            <FolderRow id={id} entry={entry} depth={depth} onShow={onShow} />
          ) : (
            <FileRow entry={entry} depth={depth} onShow={onShow} />
          )}
        </li>
      ))}
      {truncated ? <Hint depth={depth}>There are more than can be listed.</Hint> : null}
    </ul>
  );
}

const row =
  "flex w-full items-center gap-2 py-[5px] pr-3.5 text-left font-mono text-code text-mute hover:bg-raise hover:text-ink focus-visible:outline-offset-[-2px] max-md:py-2";
const indent = (depth: number) => ({ paddingLeft: 14 + depth * 16 });

interface RowProps {
  readonly entry: FileEntry;
  readonly depth: number;
  readonly onShow: (entry: FileEntry) => void;
}

function FolderRow({ id, entry, depth, onShow }: RowProps & { id: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <FoldButton open={open} onToggle={() => setOpen(!open)} className={row} style={indent(depth)}>
        <Folder aria-hidden className="size-3.5 shrink-0 text-faint" />
        <span className="truncate text-ink">{visibleText(entry.name)}</span>
      </FoldButton>
      {open ? <FolderRows id={id} path={entry.path} depth={depth + 1} onShow={onShow} /> : null}
    </>
  );
}

function FileRow({ entry, depth, onShow }: RowProps) {
  const Icon = entry.type === "symlink" ? FileSymlink : File;
  const readable = entry.type !== "other";
  return (
    <button
      type="button"
      disabled={!readable}
      title={readable ? entry.path : "Neither a file nor a folder"}
      onClick={() => onShow(entry)}
      className={row}
      style={indent(depth)}
    >
      <span aria-hidden className="size-3.5 shrink-0" />
      <Icon aria-hidden className="size-3.5 shrink-0 text-faint" />
      <span className="min-w-0 flex-1 truncate">{visibleText(entry.name)}</span>
      <span className="shrink-0 font-sans text-[11.5px] text-faint tabular-nums">
        {byteWords(entry.size)}
      </span>
    </button>
  );
}

function Hint({ depth, children }: { depth: number; children: string }) {
  return (
    <p className="py-1 pr-3.5 text-small text-faint" style={indent(depth + 1)}>
      {children}
    </p>
  );
}
