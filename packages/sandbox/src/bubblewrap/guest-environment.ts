/**
 * Brings a process its variables past the programs that enter the sandbox. Those may run as root, and PATH, LD_PRELOAD
 * and the like would tell them what to run; as arguments the values would be seen by everyone on this machine. So each
 * travels under a prefix that means nothing to anyone, and gets its name back once all rights are dropped.
 */
import { SandboxError } from "../sandbox.ts";

type Environment = Readonly<Record<string, string>>;

const prefix = "OPENHANDS_GUEST_";

const restore = `
while [ "$1" != -- ]; do
  eval "export $1=\\"\\$${prefix}$1\\"; unset ${prefix}$1"
  shift
done
shift
exec "$@"`;

/** The variables under their prefix. @throws SandboxError where a name is none */
export function disguise(env: Environment): Environment {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => {
      if (!/^[A-Za-z_]\w*$/.test(name)) throw new SandboxError(`"${name}" is no name of a variable.`);
      return [`${prefix}${name}`, value];
    }),
  );
}

/** The argv under which a command gets them back, run inside with all rights dropped. */
export function undisguise(env: Environment): readonly string[] {
  const names = Object.keys(env);
  return names.length === 0 ? [] : ["sh", "-c", restore, "sh", ...names, "--"];
}
