export {
  AuthFrame,
  CleanupResult,
  ConversationUsage,
  Count,
  EventPage,
  EventQuery,
  type EventSearch,
  FinalResponse,
  FullStateEvent,
  McpServers,
  ServerErrorEvent,
  ServerInfo,
  ServerStatus,
  SignInLink,
  SignInRequest,
  SomeEvents,
  socketClose,
  SystemInfo,
  type TransientEvent,
  WireEvent,
} from "./api.ts";
export {
  Confirmation,
  ConfirmationPolicy,
  ConfirmationPolicyRequest,
  ConfirmationResponse,
  ConfirmationScope,
  neverConfirm,
  SecurityAnalyzerRequest,
} from "./confirmation.ts";
export {
  attachmentBytes,
  attachmentEnding,
  attachmentName,
  attachmentReference,
  attachmentType,
  isAttachmentName,
} from "./attachment.ts";
export { Content, ImageContent, plainText, text, TextContent } from "./content.ts";
export {
  CondenseResult,
  ConversationInfo,
  ConversationMetadata,
  ConversationPage,
  type ConversationSearch,
  ConversationsFilter,
  ConversationsFound,
  ConversationsQuery,
  ConversationSetup,
  CreateConversationRequest,
  MessageAccepted,
  messageContent,
  SendMessageRequest,
  Success,
  SwitchModelRequest,
  UpdateConversationRequest,
} from "./conversation.ts";
export { AppError, ErrorBody, type ErrorCode, errorStatus } from "./errors.ts";
export {
  ActionEvent,
  AgentErrorEvent,
  Condensation,
  CondensationRequest,
  ConversationErrorEvent,
  ConversationStateUpdateEvent,
  type EventDraft,
  EventSource,
  InterruptEvent,
  isKnown,
  KnownEvent,
  MessageEvent,
  ObservationEvent,
  OtherEvent,
  parseEvent,
  PauseEvent,
  type StoredEvent,
  StreamingDeltaEvent,
  ToolOutputDeltaEvent,
  SystemPromptEvent,
  UserRejectObservation,
} from "./events.ts";
export { ConversationId, eventIdFor, noRandomness, seqOfEventId } from "./identity.ts";
export { Delivery, Queue, QueuedMessage } from "./queue.ts";
export { LlmState } from "./llm-state.ts";
export {
  ModelFacts,
  ModelInfo,
  ModelNames,
  ModelPrices,
  OwnModelFacts,
  ProbeCheck,
  ProbeReport,
  ProbeRequest,
} from "./models.ts";
export { type ConversationState, emptyState, reduce } from "./reduce.ts";
export { GlobAction, GlobObservation, GrepAction, GrepObservation } from "./search-tools.ts";
export { secretHidden } from "./secret-hidden.ts";
export { ConversationSecrets, SecretInfo, SecretList, SecretName, SecretPatch } from "./secrets.ts";
export { defaultSettings, Settings, SettingsInfo, SettingsPatch } from "./settings.ts";
export {
  addUsage,
  countCall,
  Metrics,
  ModelCall,
  noStats,
  Stats,
  sumOf,
  TokenUsage,
  UsageReport,
  UsageSum,
} from "./stats.ts";
export {
  ExecutionStatus,
  RetryState,
  RuntimeKind,
  SandboxState,
  SandboxStatus,
  WaitState,
} from "./status.ts";
export {
  TaskItem,
  TaskStatus,
  TaskTrackerAction,
  TaskTrackerCommand,
  TaskTrackerObservation,
} from "./task-list.ts";
export {
  FileEditorAction,
  FileEditorCommand,
  FileEditorObservation,
  FileEditUndo,
  FinishAction,
  TerminalAction,
  TerminalObservation,
  ThinkAction,
  ToolAction,
  ToolObservation,
} from "./tools.ts";
export { waitsFor } from "./waits-for.ts";
export {
  FileEntry,
  FileList,
  FileQuery,
  GitChange,
  GitChanges,
  GitChangesQuery,
  GitDiff,
  GitDiffQuery,
  GitRevertRequest,
  PortList,
  PreviewLink,
  TerminalFrame,
  TerminalNotice,
  UploadResult,
} from "./workspace.ts";
