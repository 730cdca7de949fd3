/** The server's configuration: read once from flags and environment, checked, then passed as an argument. */
import { BlockList, isIP, isIPv6 } from "node:net";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { AppError, RuntimeKind, Settings } from "@openhands/protocol";
import type { EngineSearch } from "@openhands/sandbox";
import { personFolder, usualHome } from "@openhands/store";
import * as z from "zod";
import { type LimitSettings, limitVariables } from "./sandboxes/sandbox-limits.ts";

const flag = z.enum(["0", "1", "true", "false", ""]).transform((value) => value === "1" || value === "true");
const list = z.string().transform((value) => value.split(/[\s,]+/).filter((item) => item !== ""));
const empty = (value: unknown): unknown => (value === "" ? undefined : value);
const optional = <T extends z.ZodType>(schema: T) => z.preprocess(empty, schema.optional());
const { shape } = Settings;
/** A setting that is a number, as a variable. */
const numberOf = <T extends z.ZodType<number | null>>(field: z.ZodDefault<T>) =>
  z.preprocess((text) => (empty(text) === undefined ? undefined : Number(text)), field.unwrap().optional());

const Environment = z.object({
  PORT: z.preprocess(empty, z.coerce.number().int().min(0).max(65_535).default(3000)),
  HOST: z.preprocess(empty, z.string().default("127.0.0.1")),
  OPENHANDS_HOME: optional(z.string()),
  OPENHANDS_RUNTIME: z.preprocess(empty, z.enum(["auto", ...RuntimeKind.options]).default("auto")),
  OPENHANDS_RUNTIME_IMAGE: optional(z.string()),
  OPENHANDS_MEMORY_MB: numberOf(shape.sandbox_memory_mb),
  OPENHANDS_CPUS: numberOf(shape.sandbox_cpus),
  OPENHANDS_PROCESSES: numberOf(shape.sandbox_processes),
  OPENHANDS_POOL_SIZE: numberOf(shape.sandbox_pool_size),
  OPENHANDS_MAX_RUNNING: numberOf(shape.sandbox_max_running),
  OPENHANDS_IDLE_SUSPEND_SECONDS: numberOf(shape.sandbox_idle_seconds),
  OPENHANDS_AUTO_RESUME: z.preprocess(empty, flag.default(false)),
  OPENHANDS_SECRET_KEY: optional(z.string()),
  SESSION_API_KEY: optional(z.string().min(8)),
  DOCKER_HOST: optional(z.string()),
  DOCKER_CONTEXT: optional(z.string()),
  DOCKER_CONFIG: optional(z.string()),
  XDG_RUNTIME_DIR: optional(z.string()),
  LLM_MODEL: optional(z.string()),
  LLM_API_KEY: optional(z.string()),
  LLM_BASE_URL: optional(z.url({ protocol: /^https?$/ })),
  ALLOWED_HOSTS: z.preprocess(empty, list.default([])),
  TLS_CERT: optional(z.string()),
  TLS_KEY: optional(z.string()),
  TRUSTED_PROXY: z.preprocess(empty, list.default([])),
  BASE_PATH: z.preprocess(
    empty,
    z
      .string()
      .regex(/^\/[\w.~/-]*$/, "a path like /agents is expected")
      .transform((path) => path.replace(/\/+$/, ""))
      .default(""),
  ),
  PREVIEW_DOMAIN: z.preprocess(
    empty,
    z
      .string()
      .toLowerCase()
      .regex(/^[a-z0-9.-]+$/, "a host name is expected")
      .default("localhost"),
  ),
  HTTP_PROXY: optional(z.string()),
  HTTPS_PROXY: optional(z.string()),
  NODE_USE_ENV_PROXY: optional(z.string()),
  NODE_EXTRA_CA_CERTS: optional(z.string()),
  LOG_LEVEL: z.preprocess(empty, z.enum(["debug", "info", "warn", "error", "silent"]).default("info")),
});

/** Names of all variables that are read. */
export const variables: readonly string[] = Object.keys(Environment.shape);

const flags = {
  port: { type: "string" },
  host: { type: "string" },
  home: { type: "string" },
  runtime: { type: "string" },
  model: { type: "string" },
  "no-auth": { type: "boolean" },
  "insecure-http": { type: "boolean" },
  open: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

export interface Config {
  readonly port: number;
  readonly host: string;
  readonly home: string;
  readonly runtime: RuntimeKind | "auto";
  readonly runtimeImage: string | undefined;
  /** of the environment; each overrides the setting of that name */
  readonly sandboxLimits: Partial<LimitSettings>;
  readonly autoResume: boolean;
  readonly secretKey: string | null;
  readonly sessionApiKey: string | null;
  /** where to look for a Docker engine */
  readonly engine: EngineSearch;
  readonly llm: {
    readonly model: string | null;
    readonly apiKey: string | null;
    readonly baseUrl: string | null;
  };
  /** how calls leave this machine; Node itself follows these, and `openhands doctor` looks at them */
  readonly outward: {
    readonly httpProxy: string | null;
    readonly httpsProxy: string | null;
    /** Node goes through the proxies */
    readonly proxyInUse: boolean;
    /** file of further authorities that are trusted */
    readonly certificates: string | null;
  };
  readonly allowedHosts: readonly string[];
  /** what the path of every address begins with behind a proxy; empty: nothing */
  readonly basePath: string;
  /** whose forwarded headers are believed */
  readonly trustedProxies: BlockList;
  /** under which each port of a sandbox has a host of its own */
  readonly previewDomain: string;
  readonly tls: { readonly cert: string; readonly key: string } | null;
  readonly auth: boolean;
  readonly logLevel: string;
  readonly open: boolean;
  readonly help: boolean;
}

/** @throws AppError `bad_request` with a sentence for each thing that does not fit */
export function readConfig(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Config {
  const values = readFlags(argv);
  const parsed = Environment.safeParse({
    ...environment,
    ...defined({
      PORT: values.port,
      HOST: values.host,
      OPENHANDS_HOME: values.home,
      OPENHANDS_RUNTIME: values.runtime,
      LLM_MODEL: values.model,
    }),
  });
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new AppError("bad_request", `The configuration does not fit. ${problems.join("; ")}`);
  }
  const read = parsed.data;
  const config: Config = {
    port: read.PORT,
    host: read.HOST,
    home: resolve(read.OPENHANDS_HOME ?? usualHome()),
    runtime: read.OPENHANDS_RUNTIME,
    runtimeImage: read.OPENHANDS_RUNTIME_IMAGE,
    sandboxLimits: limitsOf(read),
    autoResume: read.OPENHANDS_AUTO_RESUME,
    secretKey: read.OPENHANDS_SECRET_KEY ?? null,
    sessionApiKey: read.SESSION_API_KEY ?? null,
    engine: {
      dockerHost: read.DOCKER_HOST,
      dockerContext: read.DOCKER_CONTEXT,
      dockerConfig: read.DOCKER_CONFIG,
      runtimeDirectory: read.XDG_RUNTIME_DIR,
      home: personFolder() ?? "/",
    },
    llm: {
      model: read.LLM_MODEL ?? null,
      apiKey: read.LLM_API_KEY ?? null,
      baseUrl: read.LLM_BASE_URL ?? null,
    },
    outward: outwardOf(read),
    allowedHosts: read.ALLOWED_HOSTS,
    basePath: read.BASE_PATH,
    trustedProxies: proxies(read.TRUSTED_PROXY),
    previewDomain: read.PREVIEW_DOMAIN,
    tls: tlsFiles(read),
    auth: values["no-auth"] !== true,
    logLevel: read.LOG_LEVEL,
    open: values.open === true,
    help: values.help === true,
  };
  checkExposure(config, values["insecure-http"] === true || read.TRUSTED_PROXY.length > 0);
  return config;
}

function tlsFiles({ TLS_CERT: cert, TLS_KEY: key }: z.infer<typeof Environment>): Config["tls"] {
  if (cert !== undefined && key !== undefined) return { cert, key };
  if (cert === undefined && key === undefined) return null;
  throw new AppError("bad_request", "TLS_CERT and TLS_KEY belong together: set both, or none.");
}

/** @throws AppError `bad_request` for what is neither an address nor a network */
function proxies(named: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of named) {
    const [address = "", bits, ...rest] = text.split("/");
    const family = isIPv6(address) ? "ipv6" : "ipv4";
    const most = family === "ipv6" ? 128 : 32;
    const prefix = bits === undefined ? most : Number(bits);
    if (isIP(address) === 0 || rest.length > 0 || !(prefix >= 0 && prefix <= most)) {
      throw new AppError("bad_request", "TRUSTED_PROXY: an address like 10.0.0.2 or 10.0.0.0/8 is expected.");
    }
    list.addSubnet(address, prefix, family);
  }
  return list;
}

function limitsOf(read: z.infer<typeof Environment>): Config["sandboxLimits"] {
  return Object.fromEntries(
    Object.entries(limitVariables).flatMap(([field, variable]) =>
      read[variable] === undefined ? [] : [[field, read[variable]]],
    ),
  );
}

function outwardOf(read: z.infer<typeof Environment>): Config["outward"] {
  return {
    httpProxy: read.HTTP_PROXY ?? null,
    httpsProxy: read.HTTPS_PROXY ?? null,
    proxyInUse: read.NODE_USE_ENV_PROXY === "1",
    certificates: read.NODE_EXTRA_CA_CERTS ?? null,
  };
}

function readFlags(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: flags }).values;
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new AppError("bad_request", `${detail} Run \`openhands start --help\` for the list.`, { cause });
  }
}

const defined = (record: Record<string, string | undefined>) =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));

export const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);

/** What is reachable from elsewhere needs a key and an encrypted way. */
function checkExposure(config: Config, plainHttpAccepted: boolean): void {
  if (isLoopback(config.host)) return;
  if (!config.auth) {
    throw new AppError(
      "bad_request",
      "--no-auth works only on a loopback HOST: anyone on the network could use your machine.",
    );
  }
  if (config.tls === null && !plainHttpAccepted) {
    throw new AppError(
      "bad_request",
      `HOST ${config.host} is reachable from other machines: set TLS_CERT and TLS_KEY, or TRUSTED_PROXY where a proxy encrypts, or accept plain HTTP with --insecure-http.`,
    );
  }
}

export const usage = `openhands start [flags]

Flags            Variable                        Default
--port           PORT                            3000
--host           HOST                            127.0.0.1
--home           OPENHANDS_HOME                  ~/.openhands
--runtime        OPENHANDS_RUNTIME               auto (docker, else bubblewrap; local has no isolation)
--model          LLM_MODEL                       from the settings, else demo/tour
--no-auth                                        ask for no key; only on a loopback host
--insecure-http                                  plain HTTP on a host that is reachable from elsewhere
--open                                           open the page in the browser

                 LLM_API_KEY, LLM_BASE_URL       from the settings
                 DOCKER_HOST                     the context in use (DOCKER_CONTEXT, DOCKER_CONFIG), else the usual sockets,
                                                 XDG_RUNTIME_DIR's among them
                 OPENHANDS_RUNTIME_IMAGE         built from runtime/Dockerfile
                 OPENHANDS_MEMORY_MB             from the settings, else 512, per sandbox
                 OPENHANDS_CPUS                  from the settings, else not limited; processors per sandbox
                 OPENHANDS_PROCESSES             from the settings, else 1024, per sandbox
                 OPENHANDS_POOL_SIZE             from the settings, else 1 container made ahead, so that a conversation starts at once
                 OPENHANDS_MAX_RUNNING           from the settings, else what fits into 80 % of the memory; more wait in line
                 OPENHANDS_IDLE_SUSPEND_SECONDS  from the settings, else 900: idle for so long, a sandbox goes and the workspace stays; 0: never
                 OPENHANDS_AUTO_RESUME           0: a run that a restart cut off waits for you
                 OPENHANDS_SECRET_KEY            secret.key in the home, made once
                 SESSION_API_KEY                 session.key in the home, made once
                 ALLOWED_HOSTS                   further names that the page may be opened under
                 PREVIEW_DOMAIN                  localhost: a server in a sandbox is seen at http://PORT--ID.DOMAIN
                 TLS_CERT, TLS_KEY               files; serve HTTPS
                 TRUSTED_PROXY                   addresses of the proxy in front, whose X-Forwarded-Host, -Port, -Proto and -For are believed
                 BASE_PATH                       prefix of every path behind that proxy, e.g. /agents
                 LOG_LEVEL                       info (debug, info, warn, error, silent)

Node's own       HTTP_PROXY, HTTPS_PROXY         ways out; followed with NODE_USE_ENV_PROXY=1
                 NODE_EXTRA_CA_CERTS             file of further authorities that are trusted
`;
