import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, BlockList } from "node:net";
import { expect, it } from "vitest";
import { createFront } from "./front.ts";

/** Who a request that came from 127.0.0.1, with what it says of itself, is taken to be from. */
async function asker(trusted: readonly string[], forwarded: string | null): Promise<unknown> {
  const trustedProxies = new BlockList();
  for (const address of trusted) trustedProxies.addAddress(address);
  const front = createFront({ basePath: "", trustedProxies, isApart: () => false });
  await using server = createServer((request, response) => {
    front(request);
    response.end(request.headers["x-forwarded-for"]);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const headers = { connection: "close", ...(forwarded !== null && { "x-forwarded-for": forwarded }) };
  return await (await fetch(`http://127.0.0.1:${port}/`, { headers })).text();
}

it.each([
  { of: "who asks itself", trusted: [], forwarded: null, is: "127.0.0.1" },
  { of: "who asks itself and says that it were another", trusted: [], forwarded: "1.2.3.4", is: "127.0.0.1" },
  { of: "a proxy's client", trusted: ["127.0.0.1"], forwarded: "192.0.2.1", is: "192.0.2.1" },
  {
    of: "a proxy's client that says that it were another",
    trusted: ["127.0.0.1"],
    forwarded: "1.2.3.4, 192.0.2.1",
    is: "192.0.2.1",
  },
  {
    of: "a client of two proxies",
    trusted: ["127.0.0.1", "10.0.0.2"],
    forwarded: "1.2.3.4, 192.0.2.1, 10.0.0.2",
    is: "192.0.2.1",
  },
  {
    of: "a client that a proxy does not name by its address",
    trusted: ["127.0.0.1"],
    forwarded: "1.2.3.4, unknown",
    is: "127.0.0.1",
  },
])("the address of $of is found", async ({ trusted, forwarded, is }) => {
  expect(await asker(trusted, forwarded)).toBe(is);
});
