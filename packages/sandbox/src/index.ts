export { type BubblewrapOptions, createBubblewrapProvider } from "./bubblewrap/bubblewrap-provider.ts";
export { createDockerProvider, type DockerOptions } from "./docker/docker-provider.ts";
export { type EngineSearch, findEngineSocket } from "./docker/engine-address.ts";
export {
  type ExitStatus,
  type Progress,
  type ProviderCheck,
  type Sandbox,
  type SandboxEnd,
  SandboxError,
  type SandboxProcess,
  type SandboxProvider,
  type SandboxSpec,
  type SandboxStats,
  type SpawnOptions,
} from "./sandbox.ts";
export { FileMemory } from "./files/file-memory.ts";
export type {
  FileEditor,
  FileEditorRunOptions,
  Search,
  SandboxTools,
  SandboxToolsOptions,
  ShellState,
  ShellStateKeeper,
  Terminal,
  TerminalRunOptions,
} from "./tools.ts";
export { createSandboxTools } from "./sandbox-tools.ts";
export { clipRedacted } from "./terminal/clip-redacted.ts";
export { clipText, longestOutput } from "./terminal/clip-text.ts";
export {
  openPersonTerminal,
  type PersonTerminal,
  type TerminalDimensions,
  type Viewer,
} from "./person-terminal/person-terminal.ts";
export { gitChanges, gitDiff, gitRevert } from "./workspace/workspace-git.ts";
export {
  archive,
  type ArchiveEntry,
  type FileContent,
  listFolder,
  openFile,
  writeFile,
} from "./workspace/workspace-files.ts";
export { fileName } from "./workspace/workspace-path.ts";
export { createLocalProvider, type LocalOptions, noIsolation } from "./local/local-provider.ts";
