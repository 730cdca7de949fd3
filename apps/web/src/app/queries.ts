/** REST data of the page. Events are not among it: they live in the sessions. */
import type {
  ConversationInfo,
  ConversationPage,
  SecretPatch,
  SendMessageRequest,
  SettingsPatch,
} from "@openhands/protocol";
import {
  type InfiniteData,
  keepPreviousData,
  type QueryClient,
  queryOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import type { Client } from "@openhands/client";
import { useServices } from "./services.ts";

const keys = {
  conversations: ["conversations"],
  settings: ["settings"],
  system: ["system"],
  secrets: ["secrets"],
} as const;
const pageSize = 50;
/** Conversations that are not open move on too: the list looks again this often while the page is seen. */
const listInterval = 5_000;

/** @param search words that the title or a message has; empty: all */
export function useConversations(search: string) {
  const { client } = useServices();
  const query = search.trim();
  return useInfiniteQuery({
    queryKey: [...keys.conversations, query],
    queryFn: ({ pageParam, signal }) =>
      client.conversations.search(
        {
          limit: pageSize,
          ...(query === "" ? {} : { query }),
          ...(pageParam === null ? {} : { page_id: pageParam }),
        },
        signal,
      ),
    placeholderData: keepPreviousData,
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_page_id,
    refetchInterval: listInterval,
  });
}

const settingsQuery = (client: Client) =>
  queryOptions({ queryKey: keys.settings, queryFn: () => client.settings.get() });

export function useSettings() {
  return useQuery(settingsQuery(useServices().client));
}

export function useSystem() {
  const { client } = useServices();
  return useQuery({ queryKey: keys.system, queryFn: () => client.system.get(), staleTime: 60_000 });
}

export function useSaveSettings() {
  const { client } = useServices();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (patch: SettingsPatch) => client.settings.patch(patch),
    onSuccess: (settings) => queries.setQueryData(settingsQuery(client).queryKey, settings),
  });
}

/** Makes a conversation with its first message, which starts the agent at once. */
export function useStartConversation() {
  const { client } = useServices();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (message: SendMessageRequest["content"]) =>
      client.conversations.create({
        autotitle: true,
        initial_message: { role: "user", content: message, run: true },
      }),
    onSuccess: (info) => showInList(queries, info),
  });
}

export function useRemoveConversation() {
  const { client, sessions } = useServices();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => client.conversations.remove(id),
    onSuccess: (_, id) => {
      sessions.forget(id);
      return queries.invalidateQueries({ queryKey: keys.conversations });
    },
  });
}

export function useRestoreConversation() {
  const { client } = useServices();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => client.conversations.restore(id),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.conversations }),
  });
}

export function useSecrets() {
  const { client } = useServices();
  return useQuery({ queryKey: keys.secrets, queryFn: () => client.secrets.list() });
}

export function useSaveSecret() {
  const { client } = useServices();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ name, ...patch }: SecretPatch & { name: string }) => client.secrets.put(name, patch),
    onSuccess: () => queries.invalidateQueries({ queryKey: keys.secrets }),
  });
}

export function useRemoveSecret() {
  const { client } = useServices();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => client.secrets.remove(name),
    onSuccess: () =>
      Promise.all(
        [keys.secrets, keys.settings, keys.system].map((queryKey) => queries.invalidateQueries({ queryKey })),
      ),
  });
}

export function useRenameConversation() {
  const { client } = useServices();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, title }: { id: string; title: string }) => client.conversations.update(id, { title }),
    onSuccess: (info) => showInList(queries, info),
  });
}

/** Puts what was just learned of a conversation in the list, a new one first. */
export function showInList(queries: QueryClient, info: ConversationInfo): void {
  queries.setQueryData<InfiniteData<ConversationPage>>([...keys.conversations, ""], (data) => {
    const [first, ...others] = data?.pages ?? [];
    if (!data || !first) return data;
    const known = data.pages.some((page) => page.items.some((item) => item.id === info.id));
    const replace = (page: ConversationPage): ConversationPage => ({
      ...page,
      items: page.items.map((item) => (item.id === info.id ? info : item)),
    });
    if (known) return { ...data, pages: data.pages.map(replace) };
    return { ...data, pages: [{ ...first, items: [info, ...first.items] }, ...others] };
  });
}
