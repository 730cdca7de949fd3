export type {
  ConversationStore,
  EventFilter,
  EventLog,
  EventPageRequest,
  LogReport,
  Redactor,
  SettingsStore,
  Vault,
} from "./store.ts";
