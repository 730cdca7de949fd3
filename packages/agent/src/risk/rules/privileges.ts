import { plainWords, type Rule } from "../rule.ts";

const becoming = new Set(["sudo", "su", "doas", "pkexec"]);
const system = new Set([
  "mount",
  "umount",
  "insmod",
  "modprobe",
  "iptables",
  "nft",
  "sysctl",
  "useradd",
  "usermod",
  "userdel",
  "passwd",
  "chroot",
  "unshare",
  "nsenter",
  "setcap",
  "systemctl",
  "reboot",
  "shutdown",
  "crontab",
]);

/** More rights, or the system below. */
export const privileges: Rule = (command) => {
  const { program } = command;
  if (becoming.has(program)) return { key: program, level: "HIGH", detail: "runs with more rights" };
  if (system.has(program)) return { key: program, level: "HIGH", detail: "changes the system itself" };
  if (program === "chmod" && plainWords(command).some((word) => /^[0-7]*[4-7][0-7]{3}$|\+s|777$/.test(word)))
    return { key: "chmod", level: "HIGH", detail: "gives others rights to a file" };
  if (program === "docker" || program === "podman")
    return { key: program, level: "HIGH", detail: "works with containers" };
  return null;
};
