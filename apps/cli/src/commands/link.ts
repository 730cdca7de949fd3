import { AppError } from "@openhands/protocol";
import { layoutOf } from "../home.ts";
import { leave, writeTo } from "../output.ts";
import { readFlags } from "../read-flags.ts";
import { findRunningServer, told } from "../running-server.ts";
import type { Command } from "./command.ts";

const usage = `openhands link

A new link that opens the page, signed in, once, within 15 minutes; from the server that runs on the home.
`;

/** Prints a link that signs one page in, from the server that runs on this home. */
export const link: Command = {
  name: "link",
  summary: "print a new link that opens the page, signed in",
  usage,
  run: async (args, environment) => {
    const { positionals } = readFlags(args, {}, usage);
    if (positionals.length > 0) throw new AppError("bad_request", usage.trimEnd());
    const running = await findRunningServer(environment);
    if (running === null) {
      const { home } = layoutOf(environment);
      throw new AppError("unavailable", `No server runs on ${home}. Start one: npm start`);
    }
    writeTo(process.stdout, leave)(`${(await told(running.client.link())).link}\n`);
  },
};
