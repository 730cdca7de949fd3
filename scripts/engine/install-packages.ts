import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What the tests with real engines need of Debian. */
export const enginePackages: readonly string[] = [
  "bubblewrap",
  "busybox-static",
  "ca-certificates",
  "cgroupfs-mount",
  "chromium",
  "docker.io",
  "git",
  "iptables",
  "less",
  "mmdebstrap",
  "nginx-light",
  "openssl",
  "procps",
  "python3",
  "util-linux",
];

/**
 * Installs those of Debian's packages that are missing; nothing is asked of the mirror when none is.
 * @throws Error naming the packages where this process is not root
 */
export async function installPackages(packages: readonly string[]): Promise<void> {
  const there = await Promise.all(packages.map(isInstalled));
  const missing = packages.filter((_, index) => !there[index]);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0) {
    throw new Error(`These packages are missing; install them as root: apt-get install ${missing.join(" ")}`);
  }
  console.log(`Installing ${missing.join(", ")}`);
  // no service is to be started by a package; what the tests need is started by them
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  const large = { env, maxBuffer: 64 * 1024 * 1024 };
  await run("apt-get", ["update"], large);
  await run("apt-get", ["install", "--yes", "--no-install-recommends", ...missing], large);
}

async function isInstalled(name: string): Promise<boolean> {
  return run("dpkg-query", ["--show", "--showformat=${db:Status-Status}", name]).then(
    ({ stdout }) => stdout === "installed",
    () => false,
  );
}
