import { expect, it } from "vitest";
import { createPortsReader, socketsScript } from "./listening-ports.ts";

const row = (port: string, state: string, inode: number): string =>
  `   0: 00000000:${port} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1 0 100 0 0 10 0`;
const head =
  "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
const tables = `${head}
${row("1F90", "0A", 11)}
${row("0BB8", "0A", 12)}
${row("D431", "01", 13)}
${row("8235", "0A", 99)}
${head}
   0: 00000000000000000000000001000000:1435 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 14 1 0 100 0 0 10 0
`;
const holders = `workspace /workspace
lrwxrwxrwx 1 agent agent 0 Nov 23 10:00 /proc/7/cwd -> /workspace/app
lrwxrwxrwx 1 agent agent 0 Nov 23 10:00 /proc/8/cwd -> /workspaces

/proc/7/fd:
total 0
lrwx------ 1 agent agent 64 Nov 23 10:00 3 -> socket:[11]
lrwx------ 1 agent agent 64 Nov 23 10:00 4 -> socket:[13]

/proc/8/fd:
total 0
lrwx------ 1 agent agent 64 Nov 23 10:00 3 -> socket:[12]
lrwx------ 1 agent agent 64 Nov 23 10:00 4 -> socket:[14]
`;

/** A sandbox that says this, and how often it was asked for what its processes hold. */
function sandbox(): {
  says: { tables: string; holders: string };
  asked: number;
  pipe: (script: string) => Promise<string>;
} {
  const self = {
    says: { tables, holders },
    asked: 0,
    async pipe(script: string): Promise<string> {
      if (script === socketsScript) return self.says.tables;
      self.asked += 1;
      return self.says.holders;
    },
  };
  return self;
}

it("those that a process of the sandbox listens on; sockets that are connected or another's are none", async () => {
  expect(await createPortsReader(sandbox(), "docker")()).toEqual([3000, 5173, 8080]);
});

it("without isolation, those of processes that are in the workspace", async () => {
  expect(await createPortsReader(sandbox(), "local")()).toEqual([8080]);
});

it("what processes hold is asked for only where others are listened on than before", async () => {
  const own = sandbox();
  const ports = createPortsReader(own, "docker");
  own.says.tables = `${head}\n`;
  expect(await ports()).toEqual([]);
  expect(own.asked).toBe(0);
  own.says.tables = tables;
  expect(await ports()).toEqual([3000, 5173, 8080]);
  expect(await ports()).toEqual([3000, 5173, 8080]);
  expect(own.asked).toBe(1);
  own.says.tables = `${head}\n${row("0BB8", "0A", 12)}\n`;
  expect(await ports()).toEqual([3000]);
  own.says.tables = `${head}\n`;
  expect(await ports()).toEqual([]);
});

it("without isolation, also of a process that has come into the workspace since", async () => {
  const own = sandbox();
  const ports = createPortsReader(own, "local");
  expect(await ports()).toEqual([8080]);
  own.says.holders = holders.replace("/workspaces", "/workspace");
  expect(await ports()).toEqual([3000, 5173, 8080]);
});
