/** `npm run bench [-- name …]`: measures what is promised, on this machine, and says which machine that is. */
import { availableParallelism, cpus, totalmem } from "node:os";
import { ensureBaseImage } from "../scripts/engine/ensure-base-image.ts";
import { ensureEngine } from "../scripts/engine/ensure-engine.ts";
import { benches } from "./registry.ts";

const wanted = process.argv.slice(2);
const chosen = benches.filter((bench) => wanted.length === 0 || wanted.includes(bench.name));
const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
console.log(`${availableParallelism()} × ${cpus()[0]?.model ?? "?"}, ${memory}, Node ${process.version}\n`);
if (chosen.length === 0) console.log(`Names: ${benches.map((bench) => bench.name).join(", ")}`);

const engine = await ensureEngine(process.env["DOCKER_HOST"]);
try {
  await ensureBaseImage(engine.dockerHost, new URL("../runtime", import.meta.url).pathname);
  process.env["DOCKER_HOST"] = engine.dockerHost;
  for (const bench of chosen) {
    console.log(`${bench.name}: ${bench.promise}`);
    for (const { what, value } of await bench.run()) console.log(`  ${what.padEnd(50)} ${value}`);
  }
} finally {
  await engine.stop();
}
