import { hasOption, plainWords, type Finding, type Rule } from "../rule.ts";
import type { ShellCommand } from "../shell-commands.ts";

const copying = new Set(["scp", "sftp", "rsync", "rclone"]);
const connecting = new Set(["nc", "ncat", "netcat", "socat", "telnet", "ftp", "ssh", "mail", "sendmail"]);
const restClients = new Set(["http", "https", "xh"]);
const methods = /^(POST|PUT|PATCH|DELETE)$/i;
const asking = new Set(["curl", "wget", "ping", "dig", "nslookup", "host", "http", "https", "xh", "aria2c"]);
const uploads = [
  "-d",
  "-F",
  "-T",
  "--data",
  "--data-raw",
  "--data-binary",
  "--data-urlencode",
  "--json",
  "--form",
  "--upload-file",
  "--post-data",
  "--post-file",
  "--body-data",
  "--body-file",
] as const;

/** Data that leaves the sandbox. */
export const sends: Rule = (command) => {
  const { program } = command;
  if (
    (program === "curl" || program === "wget") &&
    (hasOption(command, ...uploads) || writesByMethod(command.words))
  ) {
    return local(plainWords(command))
      ? null
      : { key: `${program} upload`, level: "HIGH", detail: "sends data to another machine" };
  }
  if (
    restClients.has(program) &&
    plainWords(command).some((word) => methods.test(word) || /^[\w-]+:?=/.test(word))
  )
    return local(plainWords(command))
      ? null
      : { key: `${program} upload`, level: "HIGH", detail: "sends data to another machine" };
  if (asking.has(program)) return asks(command);
  if (copying.has(program) && plainWords(command).some((word) => /^[^/]+:/.test(word)))
    return { key: program, level: "HIGH", detail: "copies files to or from another machine" };
  if (connecting.has(program) && !local(plainWords(command)))
    return { key: program, level: "HIGH", detail: "opens a connection to another machine" };
  return null;
};

/** A name, an address or a header can carry out what only running it would tell. */
function asks(command: ShellCommand): Finding | null {
  const { program, words, expanded } = command;
  if (local(plainWords(command))) return null;
  const told = [...expanded].some((word) => words.includes(word));
  if (!told && !hasOption(command, "-K", "--config")) return null;
  return {
    key: `${program} $`,
    level: "UNKNOWN",
    detail: "tells another machine what a variable or command holds",
  };
}

function writesByMethod(words: readonly string[]): boolean {
  return words.some((word, index) => {
    const method = /^(?:-X|--request|--method)=?(.*)$/.exec(word)?.[1];
    if (method === undefined) return false;
    return methods.test(method === "" ? (words[index + 1] ?? "") : method);
  });
}

/** A server that the agent itself started is no other machine. */
function local(words: readonly string[]): boolean {
  const addresses = words.filter((word) => /:\/\/|^localhost\b|^127\.|^\[?::1/.test(word));
  return (
    addresses.length > 0 &&
    addresses.every((word) =>
      /^(\w+:\/\/)?(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?|0\.0\.0\.0)([:/]|$)/.test(word),
    )
  );
}
