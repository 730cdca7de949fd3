/** The checks, in the order in which they are told. A new one: a file beside these and a line below. */
import type { Check } from "./check.ts";
import { bubblewrapCheck } from "./checks/bubblewrap.ts";
import { diskCheck } from "./checks/disk.ts";
import { engineCheck } from "./checks/engine.ts";
import { homeCheck } from "./checks/home.ts";
import { imageCheck } from "./checks/image.ts";
import { modelCheck } from "./checks/model.ts";
import { nodeCheck } from "./checks/node.ts";
import { portCheck } from "./checks/port.ts";
import { proxyCheck } from "./checks/proxy.ts";
import { settingsCheck } from "./checks/settings.ts";
import { tlsCheck } from "./checks/tls.ts";
import { vaultCheck } from "./checks/vault.ts";

export const checks: readonly Check[] = [
  nodeCheck,
  homeCheck,
  diskCheck,
  settingsCheck,
  vaultCheck,
  engineCheck,
  imageCheck,
  bubblewrapCheck,
  portCheck,
  tlsCheck,
  proxyCheck,
  modelCheck,
];
