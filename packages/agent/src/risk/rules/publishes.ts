import { gitSubcommand } from "../git-subcommand.ts";
import { plainWords, type Rule } from "../rule.ts";

/** git's own. */
const sending: ReadonlySet<string> = new Set([
  "push",
  "send-email",
  "send-pack",
  "http-push",
  "imap-send",
  "subtree push",
  "lfs push",
  "svn dcommit",
  "p4 submit",
]);

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
  "docker-compose": new Set(["push"]),
  hg: new Set(["push"]),
  hub: new Set(["push", "pull-request", "release", "create", "fork"]),
  jj: new Set(["push"]),
  svn: new Set(["commit", "ci", "import"]),
  skopeo: new Set(["copy", "sync", "delete"]),
  vercel: new Set(["deploy", "rm"]),
  fly: new Set(["deploy", "destroy"]),
};

/** What leaves the sandbox for a place where others see it. */
export const publishes: Rule = (command) => {
  if (command.program === "git") {
    const [subcommand = "", action = ""] = gitSubcommand(command.words);
    return sending.has(subcommand) || sending.has(`${subcommand} ${action}`)
      ? { key: `git ${subcommand}`, level: "HIGH", detail: "sends commits to another machine" }
      : null;
  }
  // options may take words before the subcommand for their values
  const subcommand = plainWords(command).find((word) => publishing[command.program]?.has(word) === true);
  if (subcommand === undefined) return null;
  return {
    key: `${command.program} ${subcommand}`,
    level: "HIGH",
    detail: "changes something outside the sandbox",
  };
};
