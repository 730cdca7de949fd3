import type { FileEntry } from "@openhands/protocol";
import { FolderDown, Upload } from "lucide-react";
import { type DragEvent, useState } from "react";
import { useServices } from "../../../app/services.ts";
import { classNames } from "../../../components/class-names.ts";
import { FileButton } from "../../../components/file-button.tsx";
import { Button } from "../../../components/ui/button.tsx";
import type { ConversationSession } from "../../conversation-session.ts";
import { PanelBar } from "../panel-bar.tsx";
import { TabFailure } from "../tab-failure.tsx";
import { WithSandbox } from "../with-sandbox.tsx";
import { useFreshWorkspace, useUpload } from "../workspace-queries.ts";
import { FileView } from "./file-view.tsx";
import { FolderRows } from "./folder-rows.tsx";

/** The workspace: looked through, read, added to by dropping files, and taken away as an archive. */
export function FilesTab({ session }: { session: ConversationSession }) {
  return (
    <WithSandbox session={session} what="The files are kept. They are read inside the sandbox.">
      <Files session={session} />
    </WithSandbox>
  );
}

function Files({ session }: { session: ConversationSession }) {
  const { id } = session;
  const { client } = useServices();
  const refresh = useFreshWorkspace(session);
  const upload = useUpload(id);
  const [shown, setShown] = useState<FileEntry | null>(null);
  const send = (folder: string, files: readonly File[]): void => {
    if (files.length > 0) upload.mutate({ folder, files });
  };
  const drop = useDrop(send);
  if (shown) return <FileView id={id} entry={shown} onBack={() => setShown(null)} onRefresh={refresh} />;
  return (
    <div
      className={classNames("flex h-full flex-col", drop.over !== null && "bg-raise")}
      data-testid="files-panel"
      {...drop.handlers}
    >
      <PanelBar
        title={drop.over === null ? "/workspace" : `Put into /workspace/${drop.over}`}
        onRefresh={refresh}
      >
        <FileButton
          label="Upload files"
          title="Upload files, or drop them on a folder"
          inputTestId="upload-input"
          disabled={upload.isPending}
          onFiles={(files) => send("", files)}
        >
          <Upload aria-hidden className="size-4" />
        </FileButton>
        <Button asChild look="ghost" size="icon" title="Download all as a zip archive">
          <a href={client.files.downloadUrl(id)} download aria-label="Download all as a zip archive">
            <FolderDown aria-hidden className="size-4" />
          </a>
        </Button>
      </PanelBar>
      {upload.isError ? (
        <TabFailure error={upload.error} onRetry={() => upload.mutate(upload.variables)} />
      ) : null}
      <p
        role="status"
        className={upload.isIdle || upload.isError ? "sr-only" : "px-3.5 py-1.5 text-small text-mute"}
      >
        {uploadWords(upload)}
      </p>
      <div className="min-h-0 flex-1 overflow-y-auto py-1">
        <FolderRows id={id} path="" depth={0} onShow={setShown} />
      </div>
    </div>
  );
}

function uploadWords({ isPending, data, variables }: ReturnType<typeof useUpload>): string {
  if (isPending)
    return variables.files.length === 1 ? "Uploading a file" : `Uploading ${variables.files.length} files`;
  return data ? `Uploaded as ${data.paths.join(", ")}` : "";
}

/** What is dropped goes to the folder whose row it is dropped on; `over` is that folder while something hovers. */
function useDrop(send: (folder: string, files: readonly File[]) => void) {
  const [over, setOver] = useState<string | null>(null);
  const handlers = {
    onDragOver: (event: DragEvent) => {
      event.preventDefault();
      setOver(folderAt(event.target));
    },
    onDragLeave: (event: DragEvent) => {
      const into = event.relatedTarget;
      if (!(into instanceof Node) || !event.currentTarget.contains(into)) setOver(null);
    },
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      setOver(null);
      send(folderAt(event.target), [...event.dataTransfer.files]);
    },
  };
  return { over, handlers };
}

const folderAt = (target: EventTarget): string =>
  target instanceof Element ? (target.closest<HTMLElement>("[data-folder]")?.dataset["folder"] ?? "") : "";
