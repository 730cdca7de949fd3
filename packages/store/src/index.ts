export { type ConversationIndexOptions, openConversationIndex } from "./conversation-index.ts";
export { type ConversationStoreOptions, createConversationStore } from "./conversation-store.ts";
export { makeFolder, parseJson, readDocument, setAside, writeDocument } from "./documents.ts";
export { type EventLogOptions, openEventLog, type OpenEventLog } from "./event-log.ts";
export { type HomeReport, openHome } from "./home-format.ts";
export { createInOrder, type InOrder } from "./in-order.ts";
export { acquireInstanceLock, type InstanceLock, isHomeOwned } from "./instance-lock.ts";
export { createLayout, type Layout } from "./layout.ts";
export { readRecording } from "./recordings.ts";
export { redactedBytes } from "./redacted-bytes.ts";
export { createRedactor } from "./redactor.ts";
export { createOutputStore } from "./output-store.ts";
export { readServerFile, removeServerFile, type ServerFile, writeServerFile } from "./server-file.ts";
export { readOrMakeSessionKey } from "./session-key.ts";
export { createSettingsStore } from "./settings-store.ts";
export type {
  ConversationIndex,
  ConversationQuery,
  ConversationStore,
  EventFilter,
  EventLog,
  EventPageRequest,
  IndexChange,
  KeptOutput,
  ListingFilter,
  LogReport,
  MessageText,
  OutputFile,
  OutputStore,
  Redactor,
  SecretChange,
  SecretInfo,
  SettingsStore,
  Trashed,
  Vault,
} from "./store.ts";
export { zip, type ZipEntry } from "./zip.ts";
export { personFolder, usualHome } from "./usual-home.ts";
export { openVault, type VaultOptions } from "./vault.ts";
