/** A sandbox with tools for a test: short calls, and readings of what came back. */
import { chown, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import {
  ConversationId,
  type FileEditorAction,
  type FileEditorObservation,
  plainText,
  type TerminalAction,
  type TerminalObservation,
} from "@openhands/protocol";
import {
  createSandboxTools,
  FileMemory,
  type Sandbox,
  type SandboxProvider,
  type SandboxSpec,
  type SandboxTools,
  type SandboxToolsOptions,
} from "@openhands/sandbox";

export type MakeProvider = () => SandboxProvider | Promise<SandboxProvider>;

export interface ContractSandbox {
  readonly sandbox: Sandbox;
  /** on this machine */
  readonly workspace: string;
  dispose(): Promise<void>;
}

/**
 * A sandbox on a workspace of its own.
 * @param changes to the usual spec where a kind needs them
 * @param owner of the workspace on this machine; usually who runs this
 * @param prepare the workspace before the sandbox has it; returns what undoes that once the sandbox has gone
 */
export async function contractSandbox(
  makeProvider: MakeProvider,
  changes: Partial<SandboxSpec> = {},
  owner: { readonly uid: number; readonly gid: number } | null = null,
  prepare: (workspace: string) => Promise<() => Promise<void>> = () =>
    Promise.resolve(() => Promise.resolve()),
): Promise<ContractSandbox> {
  const provider = await makeProvider();
  const workspace = await mkdtemp(join(tmpdir(), "openhands-tools-"));
  if (owner) await chown(workspace, owner.uid, owner.gid);
  const undo = await prepare(workspace);
  const spec: SandboxSpec = {
    conversationId: ConversationId.parse(randomBytes(16).toString("hex")),
    workspace,
    cacheFolder: null,
    image: null,
    memoryMb: 512,
    cpus: null,
    processes: 1024,
    network: "off",
    user: "owner",
    ...changes,
  };
  await provider.prepare(spec.image, () => {});
  const sandbox = await provider.create(spec, () => {});
  return {
    sandbox,
    workspace,
    async dispose() {
      await sandbox.remove();
      await undo();
      await rm(workspace, { recursive: true, force: true });
    },
  };
}

export interface ToolsSession extends AsyncDisposable {
  readonly tools: SandboxTools;
  /** Runs a command; most end long before the limits. */
  run(command: string, changes?: RunChanges): Promise<TerminalObservation>;
  /** Runs a command and waits for its end, however long it is silent. */
  finish(command: string): Promise<TerminalObservation>;
  /** What a command, or one that is given input, has printed once it matches `pattern`: it is looked at until then. */
  until(pattern: RegExp, command: string, changes?: RunChanges): Promise<string>;
  /** Text or a key for what runs. */
  input(text: string): Promise<TerminalObservation>;
  /** Input that brings it to its end. */
  finishWith(text: string): Promise<TerminalObservation>;
  edit(action: FileEdit): Promise<FileEditorObservation>;
  /** What a command prints. */
  output(command: string): Promise<string>;
}

export interface FileEdit extends Partial<Omit<FileEditorAction, "kind">> {
  readonly command: FileEditorAction["command"];
  readonly path: string;
}

export interface RunChanges extends Partial<Pick<TerminalAction, "is_input" | "timeout" | "reset">> {
  readonly signal?: AbortSignal;
  readonly onOutput?: (text: string) => void;
}

export function toolsSession(
  sandbox: Sandbox,
  { memory = new FileMemory(), ...options }: Partial<SandboxToolsOptions> & { memory?: FileMemory } = {},
): ToolsSession {
  const tools = createSandboxTools(sandbox, { redact: (text) => text, noChangeSeconds: 20, ...options });
  const run = (command: string, changes: RunChanges = {}): Promise<TerminalObservation> => {
    const { signal = new AbortController().signal, onOutput, ...fields } = changes;
    return tools.terminal.run(
      { kind: "TerminalAction", command, is_input: false, reset: false, ...fields },
      onOutput ? { signal, onOutput } : { signal },
    );
  };
  // A limit of its own lifts the one for silence, which a busy machine may exceed.
  const patient = { timeout: 60 };
  const finish = (command: string): Promise<TerminalObservation> => run(command, patient);
  return {
    tools,
    run,
    finish,
    async until(pattern, command, changes) {
      let seen = textOf(await run(command, changes));
      while (!pattern.test(seen)) {
        const more = await run("");
        if (more.is_error) throw new Error(`${pattern} did not come: ${seen}${textOf(more)}`);
        seen += textOf(more);
      }
      return seen;
    },
    input: (text) => run(text, { is_input: true }),
    finishWith: (text) => run(text, { is_input: true, ...patient }),
    async edit(action) {
      const full: FileEditorAction = { kind: "FileEditorAction", ...action };
      const observation = await tools.files.run(full, { signal: new AbortController().signal, memory });
      memory.push(observation);
      return observation;
    },
    output: async (command) => textOf(await finish(command)),
    [Symbol.asyncDispose]: () => tools.close(),
  };
}

export const textOf = (observation: { content: TerminalObservation["content"] }): string =>
  plainText(observation.content);

/** The same sandbox with every program but one. Makes a folder `.without-PROGRAM` in the session's folder. */
export async function sandboxWithout(
  program: string,
  sandbox: Sandbox,
  session: ToolsSession,
): Promise<Sandbox> {
  const path = `${await session.output("pwd")}/.without-${program}`;
  await session.finish(
    `mkdir ${path} && for tool in /bin/* /usr/bin/*; do [ "\${tool##*/}" = ${program} ] || ln -sf "$tool" ${path}/; done`,
  );
  const spawn: Sandbox["spawn"] = (argv, options) =>
    sandbox.spawn(argv, { ...options, env: { ...options?.env, PATH: path } });
  return Object.create(sandbox, { spawn: { value: spawn } });
}

/** How many processes run whose command line is exactly `line`. */
export async function countProcesses(session: ToolsSession, line: string): Promise<number> {
  const every = `for p in /proc/[0-9]*; do { tr '\\0' ' ' <$p/cmdline; echo; } 2>/dev/null; done`;
  return Number(await session.output(`${every} | grep -c '^${line} $'`));
}
