/** Where everything lies under `OPENHANDS_HOME`. Pure: names paths and touches nothing. */
import { join } from "node:path";
import type { ConversationId } from "@openhands/protocol";

export interface Layout {
  readonly home: string;
  /** which format all the rest has */
  readonly homeFile: string;
  /** files as they were before a change of format, a folder each time */
  readonly backupsFolder: string;
  readonly settingsFile: string;
  /** ciphertext only, one file a secret */
  readonly secretsFolder: string;
  secretFile(name: string): string;
  /** master key of the vault */
  readonly secretKeyFile: string;
  /** the key that takes its place, while secrets are encrypted with it one by one */
  readonly nextSecretKeyFile: string;
  /** what programs present to the server */
  readonly sessionKeyFile: string;
  /** hashes of the cookies that pages were signed in with */
  readonly signInsFile: string;
  /** what model calls took that belong to no conversation */
  readonly spareCallsFile: string;
  readonly lockFile: string;
  readonly serverFile: string;
  readonly indexFile: string;
  readonly trashFolder: string;
  readonly conversationsFolder: string;
  conversationFolder(id: ConversationId): string;
  eventsFile(id: ConversationId): string;
  metadataFile(id: ConversationId): string;
  trajectoryFile(id: ConversationId): string;
  /** folder and exported variables of the agent's shell, as of its last prompt */
  shellFile(id: ConversationId): string;
  observationsFolder(id: ConversationId): string;
  attachmentsFolder(id: ConversationId): string;
  /** trajectories that a person laid there to be played again */
  readonly replaysFolder: string;
  /** homes and temporary files of sandboxes that have no container to keep them */
  readonly sandboxesFolder: string;
  /** ids of sandboxes that were made ahead and that no conversation has yet */
  readonly poolFolder: string;
  /** what package managers have downloaded, while containers come and go */
  cacheFolder(id: ConversationId): string;
  readonly workspacesFolder: string;
  /** the agent's files, where the user named no folder */
  workspaceFolder(id: ConversationId): string;
}

/** @param home absolute path of `OPENHANDS_HOME` */
export function createLayout(home: string): Layout {
  const secretsFolder = join(home, "secrets");
  const conversationsFolder = join(home, "conversations");
  const workspacesFolder = join(home, "workspace");
  const inConversation = (name: string) => (id: ConversationId) => join(conversationsFolder, id, name);
  return {
    home,
    homeFile: join(home, "home.json"),
    backupsFolder: join(home, "backups"),
    settingsFile: join(home, "settings.json"),
    secretsFolder,
    secretFile: (name) => join(secretsFolder, `${name}.jwe`),
    secretKeyFile: join(home, "secret.key"),
    nextSecretKeyFile: join(home, "secret.key.next"),
    sessionKeyFile: join(home, "session.key"),
    signInsFile: join(home, "sign-ins.json"),
    spareCallsFile: join(home, "spare-calls.json"),
    lockFile: join(home, "lock.db"),
    serverFile: join(home, "server.json"),
    indexFile: join(home, "index.sqlite"),
    trashFolder: join(home, "trash"),
    conversationsFolder,
    conversationFolder: (id) => join(conversationsFolder, id),
    eventsFile: inConversation("events.json"),
    metadataFile: inConversation("metadata.json"),
    trajectoryFile: inConversation("trajectory.json"),
    shellFile: inConversation("shell.json"),
    observationsFolder: inConversation("observations"),
    attachmentsFolder: inConversation("attachments"),
    replaysFolder: join(home, "replays"),
    sandboxesFolder: join(home, "sandboxes"),
    poolFolder: join(home, "pool"),
    cacheFolder: (id) => join(home, "caches", id),
    workspacesFolder,
    workspaceFolder: (id) => join(workspacesFolder, id),
  };
}
