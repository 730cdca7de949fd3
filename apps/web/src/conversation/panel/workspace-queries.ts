/** What the tabs ask of a workspace. Kept by conversation and asked anew after the agent's steps, while it is shown. */
import type { FileEntry } from "@openhands/protocol";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useServices } from "../../app/services.ts";
import type { ConversationSession } from "../conversation-session.ts";
import { readText } from "./files/read-text.ts";

const workspaceKey = (id: string) => ["workspace", id] as const;

/** Milliseconds in which the steps that end count as one. */
const gathering = 1_000;

/** Asks again for what is shown when steps of the agent have begun or ended. */
export function useFreshWorkspace({ id, store }: ConversationSession): () => void {
  const queries = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const stop = store.subscribe((view, before) => {
      if (view.folded.openActions === before.folded.openActions || timer !== null) return;
      timer = setTimeout(() => {
        timer = null;
        void queries.invalidateQueries({ queryKey: workspaceKey(id) });
      }, gathering);
    });
    return () => {
      stop();
      if (timer !== null) clearTimeout(timer);
    };
  }, [id, store, queries]);
  return () => void queries.invalidateQueries({ queryKey: workspaceKey(id) });
}

/** @param path from the workspace on; empty: the workspace itself */
export function useFolder(id: string, path: string) {
  const { client } = useServices();
  return useQuery({
    queryKey: [...workspaceKey(id), "folder", path],
    queryFn: () => client.files.list(id, path),
  });
}

/** The text of a file; null where it is none. */
export function useFileText(id: string, { path, size }: FileEntry, enabled: boolean) {
  const { client } = useServices();
  return useQuery({
    queryKey: [...workspaceKey(id), "file", path, size],
    queryFn: async () => await readText(await client.files.read(id, path)),
    placeholderData: keepPreviousData,
    enabled,
  });
}

export function useUpload(id: string) {
  const { client } = useServices();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ folder, files }: { folder: string; files: readonly File[] }) => {
      const form = new FormData();
      for (const file of files) form.append("file", file, file.name);
      return client.files.upload(id, folder, form);
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: workspaceKey(id) }),
  });
}

/** @param ref undefined: the last commit, or where the branch left its remote */
export function useChanges(id: string, ref: string | undefined) {
  const { client } = useServices();
  return useQuery({
    queryKey: [...workspaceKey(id), "changes", ref ?? null],
    queryFn: () => client.git.changes(id, ref),
    placeholderData: keepPreviousData,
  });
}

export function useDiff(
  id: string,
  path: string,
  { ref, enabled }: { ref: string | undefined; enabled: boolean },
) {
  const { client } = useServices();
  return useQuery({
    queryKey: [...workspaceKey(id), "diff", path, ref ?? null],
    queryFn: () => client.git.diff(id, path, ref),
    enabled,
  });
}

export function useRevert(id: string) {
  const { client } = useServices();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ path, ref }: { path: string; ref: string | undefined }) =>
      client.git.revert(id, path, ref),
    onSuccess: () => queries.invalidateQueries({ queryKey: workspaceKey(id) }),
  });
}
