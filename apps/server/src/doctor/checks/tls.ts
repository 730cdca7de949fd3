/** The certificate that the page is opened with: that it can be served, and how long it still holds. */
import { AppError } from "@openhands/protocol";
import { readTlsFiles } from "../../tls-files.ts";
import { type Check, note, ok, problem } from "../check.ts";

const day = 24 * 60 * 60 * 1000;
const soonDays = 14;

export const tlsCheck: Check = {
  name: "tls",
  run: async ({ config: { tls } }) => {
    if (tls === null) return [];
    const files = await readTlsFiles(tls).catch((error: unknown) => {
      if (error instanceof AppError) return error;
      throw error;
    });
    if (files instanceof AppError)
      return [problem(files.message, "Correct TLS_CERT and TLS_KEY, or remove both.")];
    const { validFromDate: from, validToDate: to } = files.certificate;
    const date = (of: Date): string => of.toISOString().slice(0, 10);
    const renew = "Put a certificate that holds into TLS_CERT, and start the server anew.";
    if (to.getTime() < Date.now())
      return [problem(`The certificate in ${tls.cert} has run out on ${date(to)}.`, renew)];
    if (from.getTime() > Date.now())
      return [
        problem(
          `The certificate in ${tls.cert} does not hold before ${date(from)}.`,
          `See that this machine's clock is right. ${renew}`,
        ),
      ];
    const holds = `The certificate in ${tls.cert} holds until ${date(to)}.`;
    return [to.getTime() - Date.now() < soonDays * day ? note(holds, renew) : ok(holds)];
  },
};
