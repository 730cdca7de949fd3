import { gitSubcommand } from "../git-subcommand.ts";
import { plainWords, type Rule } from "../rule.ts";

/** Programs whose subcommands put something where others see it. */
const publishing: Readonly<Record<string, ReadonlySet<string>>> = {
  npm: new Set(["publish", "unpublish", "deprecate", "dist-tag"]),
  pnpm: new Set(["publish"]),
  yarn: new Set(["publish"]),
  cargo: new Set(["publish", "yank"]),
  gem: new Set(["push", "yank"]),
  twine: new Set(["upload"]),
  poetry: new Set(["publish"]),
  uv: new Set(["publish"]),
  docker: new Set(["push"]),
  podman: new Set(["push"]),
  helm: new Set(["push", "install", "upgrade", "uninstall"]),
  kubectl: new Set(["apply", "delete", "create", "replace", "patch", "scale", "exec", "drain"]),
  terraform: new Set(["apply", "destroy", "import"]),
  gh: new Set(["pr", "issue", "release", "repo", "api", "gist", "workflow", "secret"]),
  glab: new Set(["mr", "issue", "release", "repo", "api"]),
  aws: new Set(["s3", "ec2", "iam", "lambda", "cloudformation"]),
  gcloud: new Set(["compute", "run", "functions", "projects", "iam", "sql"]),
  heroku: new Set(["create", "destroy", "config:set", "ps:scale"]),
  vercel: new Set(["deploy", "rm"]),
  fly: new Set(["deploy", "destroy"]),
};

/** What leaves the sandbox for a place where others see it. */
export const publishes: Rule = (command) => {
  if (command.program === "git") {
    const [subcommand] = gitSubcommand(command.words);
    return subcommand === "push" || subcommand === "send-email"
      ? { key: `git ${subcommand}`, level: "HIGH", detail: "sends commits to another machine" }
      : null;
  }
  const [subcommand] = plainWords(command);
  if (subcommand === undefined || publishing[command.program]?.has(subcommand) !== true) return null;
  return {
    key: `${command.program} ${subcommand}`,
    level: "HIGH",
    detail: "changes something outside the sandbox",
  };
};
