export { type BusyboxImage, importBusyboxImage } from "./busybox-image.ts";
export { eventLogContract, type EventLogHarness, messageDraft } from "./event-log-contract.ts";
export { primesOutput, primesScript, primesTask } from "./scripted-llm/primes-script.ts";
export {
  newSandboxSpec,
  outputContaining,
  runInSandbox,
  sandboxContract,
  type SandboxHarness,
} from "./sandbox-contract.ts";
export {
  answer,
  type AnswerReply,
  breakOff,
  call,
  empty,
  fail,
  type FinishReason,
  halfLine,
  hang,
  parseScript,
  type Reply,
  reset,
  say,
  type ScriptedCall,
  type ScriptedUsage,
  slow,
  truncate,
} from "./scripted-llm/reply.ts";
export type {
  RequestEnd,
  ScriptedMessage,
  ScriptedRequest,
  ScriptedRequestBody,
} from "./scripted-llm/request.ts";
export { historyFault } from "./scripted-llm/history-fault.ts";
export { strictWindow } from "./scripted-llm/strict-window.ts";
export type { WireName } from "./scripted-llm/wires/wire.ts";
export {
  type Responder,
  type ScriptedLlm,
  type ScriptedLlmOptions,
  startScriptedLlm,
} from "./scripted-llm/scripted-llm.ts";
export { weakly, type WeakModelName, weakModelNames } from "./scripted-llm/weak-models.ts";
export { type TemporaryHome, temporaryHome } from "./temporary-home.ts";
export { fileSystemsContract } from "./file-systems-contract.ts";
export { isolationContract, type IsolationHarness } from "./isolation-contract.ts";
export { limitsContract } from "./limits-contract.ts";
export { SeededRandom } from "./torture/seeded-random.ts";
export { type TortureModel, tortureModel, tortureModelName, tortureSeed } from "./torture/torture-model.ts";
export { toolsContract } from "./tools-contract.ts";
export {
  type ContractSandbox,
  contractSandbox,
  textOf,
  type ToolsSession,
  toolsSession,
} from "./tools-session.ts";
