import { expect, it } from "vitest";
import { listeningPorts } from "./listening-ports.ts";

const row = (port: string, state: string, inode: number): string =>
  `   0: 00000000:${port} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1 0 100 0 0 10 0`;
const output = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
${row("1F90", "0A", 11)}
${row("0BB8", "0A", 12)}
${row("D431", "01", 13)}
${row("8235", "0A", 99)}
   0: 00000000000000000000000001000000:1435 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 14 1 0 100 0 0 10 0
/proc/7/fd:
lrwx------ 1 agent agent 64 Nov 23 10:00 3 -> socket:[11]
lrwx------ 1 agent agent 64 Nov 23 10:00 4 -> socket:[13]
/proc/8/fd:
lrwx------ 1 agent agent 64 Nov 23 10:00 3 -> socket:[12]
lrwx------ 1 agent agent 64 Nov 23 10:00 4 -> socket:[14]
lrwxrwxrwx 1 agent agent 0 Nov 23 10:00 /proc/7/cwd -> /workspace/app
lrwxrwxrwx 1 agent agent 0 Nov 23 10:00 /proc/8/cwd -> /workspaces
workspace /workspace
`;

it("those that a process of the sandbox listens on; sockets that are connected or another's are none", () => {
  expect(listeningPorts(output, "docker")).toEqual([3000, 5173, 8080]);
});

it("without isolation, those of processes that are in the workspace", () => {
  expect(listeningPorts(output, "local")).toEqual([8080]);
});
