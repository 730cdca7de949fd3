import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * A test on real engines that fails is tried once more, and told with "retry x1": a machine with much else to do must
 * not decide what lands. One that needs it twice has a race: mend it.
 */
const retry = 1;

/** What is looked at again and again is given this long: no test is about time. Milliseconds. */
const patience = { poll: { timeout: 30_000 } };

const exclude = ["**/node_modules/**", "**/dist/**"];

/** Each takes minutes: begun last, it would have the others' worker wait for it. */
const longFiles = /(-tools|torture|-crash|local)\.integration\.test\.ts$/;

class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- it is no array's
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => longFiles.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

/**
 * Kinds of test by file name: `x.test.ts` needs nothing, `x.integration.test.ts` real engines, `e2e/x.e2e.test.ts` a
 * browser too; `x.long.test.ts` takes minutes and runs by itself (`npm run test:long`), not within `npm test`.
 */
export default defineConfig({
  test: {
    sequence: { sequencer: LongFilesFirst },
    projects: [
      {
        test: {
          name: "unit",
          expect: patience,
          // no test is about time: this only ends what hangs, also on a machine that has much else to do
          testTimeout: 60_000,
          hookTimeout: 60_000,
          include: ["{packages,apps,scripts}/**/*.test.{ts,tsx}"],
          exclude: [...exclude, "**/*.integration.test.ts", "**/*.long.test.ts"],
        },
      },
      {
        test: {
          name: "integration",
          expect: patience,
          include: ["{packages,apps}/**/*.integration.test.ts"],
          exclude,
          retry,
          testTimeout: 120_000,
          hookTimeout: 600_000,
          // they wait more than they work, and each has a home, ports and containers of its own
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: "long",
          expect: patience,
          include: ["{packages,apps}/**/*.long.test.ts"],
          exclude,
          testTimeout: 3_600_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "browser",
          expect: patience,
          include: ["e2e/**/*.e2e.test.ts"],
          exclude,
          retry,
          // the first conversation in a container builds the image
          testTimeout: 600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
