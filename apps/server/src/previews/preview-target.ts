import { ConversationId } from "@openhands/protocol";

/** A port in a conversation's sandbox. */
export interface PreviewTarget {
  readonly id: ConversationId;
  readonly port: number;
}

/** @param host as a request names it; null where it is no preview's */
export function targetOfHost(host: string, domain: string): PreviewTarget | null {
  const name = host.replace(/:\d+$/, "").toLowerCase();
  const end = `.${domain}`;
  if (!name.endsWith(end)) return null;
  const [, port, id] = /^(\d{1,5})--([0-9a-f]{32})$/.exec(name.slice(0, -end.length)) ?? [];
  return target(id, port);
}

/** Of `/conversations/{id}/ports/{port}/…`; `rest` is what stands behind the port, a query among it. */
export function targetOfPath(url: string): { readonly target: PreviewTarget; readonly rest: string } | null {
  const [, id, port, rest = ""] =
    /^\/conversations\/([^/?]+)\/ports\/(\d{1,5})(?:(?=[/?])(.*))?$/.exec(url) ?? [];
  const found = target(id, port);
  return found && { target: found, rest: rest.startsWith("/") ? rest : `/${rest}` };
}

function target(id: string | undefined, port: string | undefined): PreviewTarget | null {
  const parsed = ConversationId.safeParse(id);
  const number = Number(port);
  return parsed.success && number >= 1 && number <= 65_535 ? { id: parsed.data, port: number } : null;
}

/** The origin of a preview of a server whose page is seen at `origin`. */
export function previewOrigin({ id, port }: PreviewTarget, domain: string, origin: string): string {
  const { protocol, port: serverPort } = new URL(origin);
  return `${protocol}//${port}--${id}.${domain}${serverPort === "" ? "" : `:${serverPort}`}`;
}
