/** A real nginx in front of a server, as an operator has it: a path prefix, the original request told by headers. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Certificate } from "./certificate.ts";

export interface Nginx extends AsyncDisposable {
  /** without the prefix, e.g. http://127.0.0.1:8080 */
  readonly url: string;
}

export interface NginxOptions {
  /** what is asked for begins with it, e.g. /agents */
  readonly prefix: string;
  /** of the server behind */
  readonly upstream: string;
  /** the prefix is taken off before the server sees it, and host and port are told apart */
  readonly strips?: boolean;
  /** it speaks HTTPS */
  readonly certificate?: Certificate;
  /** under which each port of a sandbox has a host of its own, at the root of the same port */
  readonly previewDomain?: string;
}

export async function startNginx(options: NginxOptions): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), "openhands-nginx-"));
  const port = await freePort();
  await writeFile(join(folder, "nginx.conf"), configuration(options, folder, port));
  const child = spawn("nginx", ["-p", folder, "-c", join(folder, "nginx.conf")], { stdio: "inherit" });
  const ended = once(child, "exit");
  await untilListening(port, () => child.exitCode !== null);
  return {
    url: `${options.certificate === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configuration(options: NginxOptions, folder: string, port: number): string {
  const { prefix, upstream, strips = false, certificate, previewDomain } = options;
  const tls = certificate && `ssl_certificate ${certificate.cert}; ssl_certificate_key ${certificate.key};`;
  const listen = `listen 127.0.0.1:${port}${tls === undefined ? "" : " ssl"}`;
  const told = strips
    ? "proxy_set_header Host $host; proxy_set_header X-Forwarded-Port $server_port;"
    : "proxy_set_header X-Forwarded-Host $http_host;";
  const location = (path: string, target: string): string => `location ${path} {
      proxy_pass ${target};
      proxy_http_version 1.1;
      proxy_buffering off;
      proxy_request_buffering off;
      client_max_body_size 0;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      ${told}
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
    }`;
  return `
daemon off;
worker_processes 1;
pid ${folder}/pid;
error_log ${folder}/error.log;
events { worker_connections 256; }
http {
  access_log off;
  server_names_hash_bucket_size 128;
  ${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${folder}/${name};`).join(" ")}
  map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
  ${tls ?? ""}
  server {
    ${listen} default_server;
    ${location(`${prefix}/`, strips ? `${upstream}/` : upstream)}
  }
  ${previewDomain === undefined ? "" : `server { ${listen}; server_name *.${previewDomain}; ${location("/", upstream)} }`}
}
`;
}

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
