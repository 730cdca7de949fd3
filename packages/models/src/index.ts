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
  type ToolCall,
  type ToolSpec,
} from "./model.ts";
