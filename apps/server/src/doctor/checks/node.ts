import { type Check, ok, problem } from "../check.ts";

/** What `package.json` pins; the newest libraries need it. */
const oldest = 26;

export const nodeCheck: Check = {
  name: "node",
  run: async ({ nodeVersion }) =>
    Number.parseInt(nodeVersion, 10) >= oldest
      ? [ok(`Node ${nodeVersion}`)]
      : [
          problem(
            `Node ${nodeVersion} is too old: ${oldest} or newer is needed.`,
            "Run `npm install` in the clone, which brings the right one, and start with `npm start`.",
          ),
        ],
};
