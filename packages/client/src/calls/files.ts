import { FileList, Success, UploadResult } from "@openhands/protocol";
import type { Connection, RawBody } from "../request.ts";
import { conversationPath } from "./conversation-path.ts";

/** A conversation's files. Paths go from the workspace on; the sandbox is started where there is none. */
export function fileCalls({ request, download, baseUrl }: Connection) {
  const address = (id: string, noun: string, path: string): string =>
    `${baseUrl}${conversationPath(id)}/${noun}?path=${encodeURIComponent(path)}`;
  return {
    list: (id: string, path = "") => request(`${conversationPath(id)}/files`, FileList, { query: { path } }),
    read: (id: string, path: string) => download(`${conversationPath(id)}/file`, { query: { path } }),
    /** Replaces what is there; folders on the way are made. */
    write: (id: string, path: string, content: RawBody) =>
      request(`${conversationPath(id)}/file`, Success, { method: "PUT", query: { path }, raw: content }),
    /** Lays the files of a form in a folder, under names that are free. */
    upload: (id: string, folder: string, form: FormData) =>
      request(`${conversationPath(id)}/upload`, UploadResult, {
        method: "POST",
        query: { path: folder },
        raw: form,
      }),
    /** A folder as a zip archive. */
    download: (id: string, folder = "") =>
      download(`${conversationPath(id)}/download`, { query: { path: folder } }),
    /** Address of one file, for an image or a link. */
    url: (id: string, path: string): string => address(id, "file", path),
    /** Address of a folder as a zip archive. */
    downloadUrl: (id: string, folder = ""): string => address(id, "download", folder),
  };
}
