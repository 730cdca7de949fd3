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
export type { FileEditor, SandboxTools, SandboxToolsOptions, Terminal } from "./tools.ts";
