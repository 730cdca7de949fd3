export { createModel, type ModelOptions } from "./create-model.ts";
export { catalogueNames } from "./catalogue/catalogue.ts";
export { describeModel } from "./catalogue/describe-model.ts";
export { createDemoModel, demoModelNames } from "./demo/demo-model.ts";
export { answerMessage } from "./history/answer-message.ts";
export { ledgerRow } from "./ledger.ts";
export {
  type AnswerDelta,
  type AskOptions,
  type FailureKind,
  type Model,
  type ModelAnswer,
  ModelError,
  type ModelLimits,
  type ModelRequest,
  type ModelSettings,
  type Prompt,
  type RetryWait,
  type TimeLimits,
  type ToolCall,
  type ToolProtocol,
  type ToolSpec,
} from "./model.ts";
export { type Probed, probeModel, probeServer } from "./probe/probe-model.ts";
export { isScripted, type ResolvedModelName, resolveModelName, sameProvider } from "./model-name.ts";
export type { RetryClock } from "./retry.ts";
