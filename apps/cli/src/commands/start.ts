import type { Command } from "./command.ts";

export const start: Command = {
  name: "start",
  summary: "start the server (--help lists the flags)",
  usage: null,
  run: async (args) => {
    const { main } = await import("@openhands/server");
    await main(args);
  },
};
