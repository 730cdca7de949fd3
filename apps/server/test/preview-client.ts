/** A browser's part in a preview, spoken by hand: to a server that is named, whatever the name in the address. */
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { text } from "node:stream/consumers";
import { expect } from "vitest";

export interface PreviewAnswer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

export interface PreviewRequest {
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
  readonly body?: string;
}

/** @param through origin of who is really asked */
export async function askThrough(
  through: string,
  url: string,
  { headers = {}, method = "GET", body = "" }: PreviewRequest = {},
): Promise<PreviewAnswer> {
  const { host, pathname, search } = new URL(url);
  const send = through.startsWith("https:") ? httpsRequest : httpRequest;
  return await new Promise((resolve, reject) => {
    const options = { method, headers: { host, ...headers }, agent: false, rejectUnauthorized: false };
    const asked = send(`${through}${pathname}${search}`, options, (answer) => {
      text(answer).then(
        (said) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: said }),
        reject,
      );
    });
    asked.once("error", reject);
    asked.end(body);
  });
}

/** Follows a one-time link. @returns the origin of the port's preview, and the cookie for it */
export async function enterThrough(
  through: string,
  link: string,
): Promise<{ origin: string; cookie: string; link: string }> {
  const entered = await askThrough(through, link);
  expect(entered).toMatchObject({ status: 303, headers: { location: "/" } });
  const [cookie = ""] = entered.headers["set-cookie"] ?? [];
  const secure = link.startsWith("https:") ? "; Secure" : "";
  expect(cookie.replace(/=[\w-]+;/, "=…;")).toBe(
    `openhands_preview=…; Max-Age=43200; Path=/; HttpOnly; SameSite=Lax${secure}`,
  );
  return { origin: new URL(link).origin, cookie: cookie.split(";")[0] ?? "", link };
}
