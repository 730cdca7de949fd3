/** Every step from the first format of a home to today's, in order. None is ever taken out. */
import { keysOfConversations } from "./keys-of-conversations.ts";
import type { Migration } from "./migration.ts";

export const migrations: readonly Migration[] = [keysOfConversations];
