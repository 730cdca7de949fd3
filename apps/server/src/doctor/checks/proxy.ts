/** Ways out that differ from a direct one: proxies, and certificates of a company's own. */
import { readFile } from "node:fs/promises";
import { type Check, type Finding, note, ok, problem } from "../check.ts";

export const proxyCheck: Check = {
  name: "proxy",
  run: async ({ config: { outward } }) => {
    const findings: Finding[] = [];
    for (const address of [outward.httpProxy, outward.httpsProxy]) {
      if (address !== null && !/^https?:\/\//.test(address)) {
        findings.push(
          problem(
            "A proxy's address does not start with http:// or https://.",
            "Correct HTTP_PROXY and HTTPS_PROXY.",
          ),
        );
      }
    }
    const isSet = outward.httpProxy !== null || outward.httpsProxy !== null;
    if (isSet && !outward.proxyInUse) {
      findings.push(
        problem(
          "A proxy is set, but Node goes past it.",
          "Set NODE_USE_ENV_PROXY=1 beside HTTPS_PROXY, or remove the proxy.",
        ),
      );
    } else if (isSet) findings.push(note("Calls go through the proxy that the environment names."));
    if (outward.certificates !== null) findings.push(await certificates(outward.certificates));
    return findings.length > 0 ? findings : [ok("No proxy and no certificates of your own are set.")];
  },
};

async function certificates(path: string): Promise<Finding> {
  const text = await readFile(path, "utf8").catch(() => null);
  if (text?.includes("-----BEGIN CERTIFICATE-----"))
    return ok(`The certificates in ${path} are trusted too.`);
  const what = text === null ? "can't be read" : "holds no certificate";
  return problem(
    `NODE_EXTRA_CA_CERTS names ${path}, which ${what}.`,
    "Name a PEM file with the certificate of your proxy or provider.",
  );
}
