/** Puts the program together, as `lib/program.mjs` tells. Runs on the project's own Node. */
import { readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { rolldown } from "rolldown";
import { programRecord, programsFolder, traceOf } from "./lib/program.mjs";
import { root } from "./lib/run.mjs";

/** How many builds are left for servers that run on them. */
const kept = 5;
/** These load files of their own beside their code. */
const external = ["dockerode", "@lydell/node-pty"];

const name = `${Date.now()}-${process.pid}`;
const folder = join(programsFolder, name);

/** What a source asks of its own place is answered for that place, seen from where its code goes to. */
const ownPlace = {
  name: "own-place",
  transform: {
    filter: { code: /import\.meta\.url/ },
    handler: (code, path) => ({
      code: code.replaceAll(
        "import.meta.url",
        `new URL(${JSON.stringify(relative(folder, path))}, import.meta.url).href`,
      ),
      // lines stay where they are
      map: null,
    }),
  },
};

const began = Date.now();
const bundle = await rolldown({
  input: { openhands: join(root, "apps", "cli", "src", "main.ts") },
  cwd: root,
  platform: "node",
  external,
  plugins: [ownPlace],
});
await bundle.write({
  dir: folder,
  // .js would have Node look into each file for what it is
  entryFileNames: "[name].mjs",
  chunkFileNames: "[name]-[hash].mjs",
  keepNames: true,
  sourcemap: true,
});
const sources = Object.fromEntries(sourcesOf(await bundle.watchFiles).map((path) => [path, traceOf(path)]));
if (Object.keys(sources).some((path) => statSync(join(root, path)).ctimeMs >= began))
  throw new Error("A source changed while the program was put together: try again.");
const record = `${folder}.json`;
writeFileSync(record, JSON.stringify({ entry: join(name, "openhands.mjs"), sources }));
renameSync(record, programRecord);
removeOld();

/** From the clone's folder on. Packages count by what npm says that it has installed. */
function sourcesOf(read) {
  const own = read.filter((path) => path.startsWith(root) && !path.includes("/node_modules/"));
  const rooms = ["packages", "apps"].flatMap((parent) =>
    readdirSync(join(root, parent)).map((room) => join(root, parent, room, "package.json")),
  );
  const installed = join(root, "node_modules", ".package-lock.json");
  return [...own, ...rooms, installed, import.meta.filename].map((path) => relative(root, path));
}

function removeOld() {
  const builds = readdirSync(programsFolder).filter((entry) => /^\d+-\d+$/.test(entry));
  for (const old of builds.toSorted().slice(0, -kept))
    rmSync(join(programsFolder, old), { recursive: true, force: true });
}
