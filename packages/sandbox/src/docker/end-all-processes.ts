/**
 * Ends what an earlier server process left running in a container, all but PID 1: an exec outlives the server that
 * started it and can't be attached to again. It runs as the agent's user and never with more rights: an agent that is
 * root may have replaced the shell which runs here.
 */
import { finished } from "node:stream/promises";
import type { Container } from "dockerode";
import type { ContainerUser } from "./container-user.ts";
import { containerExec } from "./exec.ts";

export async function endAllProcesses(container: Container, user: ContainerUser): Promise<void> {
  const exec = containerExec(container, `${user.uid}:${user.gid}`);
  // to -1 means to every process that the caller may signal, but neither to itself nor to PID 1
  const streams = await exec(["sh", "-c", "kill -9 -1 2>/dev/null || :"], {});
  streams.stdin.end();
  streams.stderr?.resume();
  await finished(streams.stdout.resume());
  streams.close();
}
