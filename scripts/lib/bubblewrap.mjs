/** Where no Docker engine answers, sandboxes are made with bubblewrap: this sees to it that it is there. */
import { spawnSync } from "node:child_process";
import { connect } from "node:net";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { step } from "./run.mjs";

/** @param words the flags of the server, which come before the environment */
export async function bubblewrapIfNeeded(words) {
  const { values } = parseArgs({ args: words, options: { runtime: { type: "string" } }, strict: false });
  const runtime = values.runtime ?? process.env.OPENHANDS_RUNTIME ?? "auto";
  if (process.platform !== "linux" || !["auto", "", "bubblewrap"].includes(runtime) || has("bwrap")) return;
  if (runtime !== "bubblewrap" && (await anEngineAnswers())) return;
  if (process.getuid?.() === 0 && has("apt-get")) {
    step("Installing bubblewrap, since no Docker engine answers (once)", "sh", [
      "-c",
      "apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends bubblewrap",
    ]);
    return;
  }
  process.stderr.write(
    "No Docker engine answers and bubblewrap is missing, so no command can run. Install it: sudo apt-get install bubblewrap\n",
  );
}

const has = (program) => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;

async function anEngineAnswers() {
  const home = process.env.HOME ?? "";
  const named = process.env.DOCKER_HOST?.replace(/^unix:\/\//, "");
  const usual = [
    "/var/run/docker.sock",
    ...(home === "" ? [] : [join(home, ".docker/run/docker.sock")]),
    join(process.env.XDG_RUNTIME_DIR ?? "/run/user/0", "docker.sock"),
  ];
  const answers = await Promise.all((named ? [named] : usual).map(listens));
  return answers.includes(true);
}

function listens(address) {
  return new Promise((resolve) => {
    const [, host, port] = /^(?:tcp|https?):\/\/(.+):(\d+)/.exec(address) ?? [];
    const socket = host === undefined ? connect(address) : connect(Number(port), host);
    socket.once("connect", () => (socket.destroy(), resolve(true)));
    socket.once("error", () => resolve(false));
    socket.setTimeout(1000, () => (socket.destroy(), resolve(false)));
  });
}
