import { plainWords, type Rule } from "../rule.ts";

const installing: Readonly<Record<string, ReadonlySet<string>>> = {
  apt: new Set(["install", "remove", "purge", "upgrade", "full-upgrade"]),
  "apt-get": new Set(["install", "remove", "purge", "upgrade", "dist-upgrade"]),
  apk: new Set(["add", "del"]),
  dnf: new Set(["install", "remove"]),
  yum: new Set(["install", "remove"]),
  pip: new Set(["install", "uninstall"]),
  pip3: new Set(["install", "uninstall"]),
  npm: new Set(["install", "i", "add", "ci"]),
  pnpm: new Set(["install", "add"]),
  yarn: new Set(["install", "add"]),
  cargo: new Set(["install"]),
  gem: new Set(["install"]),
  go: new Set(["install", "get"]),
};

/** Code from elsewhere comes in, and often runs while it is installed. */
export const installs: Rule = (command) => {
  const subcommand = plainWords(command).find((word) => installing[command.program]?.has(word) === true);
  if (subcommand === undefined) return null;
  return { key: `${command.program} ${subcommand}`, level: "MEDIUM", detail: "installs packages" };
};
