import type { FileEntry } from "@openhands/protocol";
import { ArrowLeft, Download } from "lucide-react";
import { lazy, Suspense } from "react";
import { useServices } from "../../../app/services.ts";
import { Centered } from "../../../components/centered.tsx";
import { Button } from "../../../components/ui/button.tsx";
import { byteWords } from "../../../format/bytes.ts";
import { visibleText } from "../../../format/visible-text.ts";
import { PanelBar } from "../panel-bar.tsx";
import { TabFailure } from "../tab-failure.tsx";
import { useFileText } from "../workspace-queries.ts";
import { CodeLines } from "./code-lines.tsx";

const Coloured = lazy(async () => ({ default: (await import("./coloured-code.tsx")).ColouredCode }));

/** Bytes up to which a file is shown, and up to which in colours. */
const longestShown = 1_000_000;
const longestColoured = 200_000;

const imageEndings: ReadonlySet<string> = new Set([
  "png",
  "jpg",
  "jpeg",
  "gif",
  "webp",
  "avif",
  "bmp",
  "svg",
]);

interface FileViewProps {
  readonly id: string;
  readonly entry: FileEntry;
  readonly onBack: () => void;
  readonly onRefresh: () => void;
}

/** One file, as it is now. */
export function FileView({ id, entry, onBack, onRefresh }: FileViewProps) {
  const { client } = useServices();
  const url = client.files.url(id, entry.path);
  return (
    <div className="flex h-full flex-col" data-testid="file-view">
      <PanelBar
        onRefresh={onRefresh}
        title={
          <span className="flex items-center gap-1.5">
            <Button
              look="ghost"
              size="icon"
              aria-label="Back to the files"
              className="-ml-2"
              onClick={onBack}
              autoFocus
            >
              <ArrowLeft aria-hidden className="size-4" />
            </Button>
            <span className="truncate font-mono text-code text-ink" title={entry.path}>
              {visibleText(entry.path)}
            </span>
          </span>
        }
      >
        <span className="px-1.5 text-[11.5px] text-faint">{byteWords(entry.size)}</span>
        <Button asChild look="ghost" size="icon" title="Download this file">
          <a href={url} download aria-label="Download this file">
            <Download aria-hidden className="size-4" />
          </a>
        </Button>
      </PanelBar>
      <div className="min-h-0 flex-1 overflow-auto bg-term" tabIndex={0} aria-label="Content" role="region">
        {imageEndings.has(endingOf(entry.name)) ? (
          <img src={url} alt={entry.name} className="m-auto max-w-full p-4" />
        ) : (
          <FileText id={id} entry={entry} />
        )}
      </div>
    </div>
  );
}

const endingOf = (name: string): string => name.slice(name.lastIndexOf(".") + 1).toLowerCase();

function FileText({ id, entry }: { id: string; entry: FileEntry }) {
  const short = entry.size <= longestShown;
  const file = useFileText(id, entry, short);
  if (!short) return <Centered title="Too long to be shown" text="Download it to see what is in it." />;
  if (file.isError) return <TabFailure error={file.error} onRetry={() => void file.refetch()} />;
  if (file.isPending) return <Centered title="Reading the file" />;
  if (file.data === null) return <Centered title="Not a text" text="Download it to see what is in it." />;
  if (file.data === "") return <Centered title="The file is empty" />;
  const text = visibleText(file.data.replaceAll("\r\n", "\n"));
  const plain = <CodeLines text={text}>{text}</CodeLines>;
  if (text.length > longestColoured) return plain;
  return (
    <Suspense fallback={plain}>
      <Coloured text={text} language={endingOf(entry.name)} />
    </Suspense>
  );
}
