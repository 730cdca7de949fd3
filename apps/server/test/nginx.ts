/** A real nginx in front of a server, as an operator has it: a path prefix, the original request told by headers. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Nginx extends AsyncDisposable {
  /** without the prefix, e.g. http://127.0.0.1:8080 */
  readonly url: string;
}

export interface NginxOptions {
  /** what is asked for begins with it, e.g. /agents */
  readonly prefix: string;
  /** of the server behind */
  readonly upstream: string;
  /** the prefix is taken off before the server sees it */
  readonly strips?: boolean;
}

export async function startNginx({ prefix, upstream, strips = false }: NginxOptions): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), "openhands-nginx-"));
  const port = await freePort();
  const target = strips ? `${upstream}/` : upstream;
  await writeFile(join(folder, "nginx.conf"), configuration({ folder, port, prefix, target }));
  const child = spawn("nginx", ["-p", folder, "-c", join(folder, "nginx.conf")], { stdio: "inherit" });
  const ended = once(child, "exit");
  await untilListening(port, () => child.exitCode !== null);
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Places {
  readonly folder: string;
  readonly port: number;
  readonly prefix: string;
  readonly target: string;
}

const configuration = ({ folder, port, prefix, target }: Places): string => `
daemon off;
worker_processes 1;
pid ${folder}/pid;
error_log ${folder}/error.log;
events { worker_connections 256; }
http {
  access_log off;
  ${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${folder}/${name};`).join(" ")}
  map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
  server {
    listen 127.0.0.1:${port};
    location ${prefix}/ {
      proxy_pass ${target};
      proxy_http_version 1.1;
      proxy_buffering off;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header X-Forwarded-Proto $scheme;
    }
  }
}
`;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function untilListening(port: number, isOver: () => boolean): Promise<void> {
  for (;;) {
    const socket = connect(port, "127.0.0.1");
    const isOpen = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
    if (isOver()) throw new Error("nginx did not start");
  }
}
