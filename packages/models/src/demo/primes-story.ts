/** A person asked for prime numbers: the one task that the demonstration model can really do. */
import type { ToolResult } from "./prompt-view.ts";
import { createFile, finalAnswer, quoteResult, runCommand, type Story, whoIAm } from "./story.ts";

const program = `"""Prints the first 20 prime numbers, one a line."""


def first_primes(count):
    primes = []
    candidate = 2
    while len(primes) < count:
        if all(candidate % prime for prime in primes):
            primes.append(candidate)
        candidate += 1
    return primes


if __name__ == "__main__":
    for prime in first_primes(20):
        print(prime)
`;

export const primesStory: Story = {
  fits: (view) => /\bprimes?\b/i.test(view.task),
  steps: [
    () => createFile("I'll write a small Python script for that.", "/workspace/primes.py", program),
    (view) =>
      runCommand(
        view.results[0]?.isError
          ? "The file could not be created anew, so I run the one that is there and save what it prints."
          : "Now I run it, and save what it prints.",
        "python3 primes.py | tee primes.txt",
      ),
    (view) => {
      const result = view.results.at(-1);
      return finalAnswer(
        printedAll(result)
          ? `Done. \`primes.py\` printed the first 20 prime numbers, and they are saved in \`primes.txt\`:${quoteResult(result)}\n\n${whoIAm}`
          : `The script did not run to its end:${quoteResult(result)}\n\n${whoIAm}`,
      );
    },
  ],
};

/** The exit code is tee's, which is glad of anything; the twentieth prime tells. */
const printedAll = (result: ToolResult | undefined): boolean => /^71\s*$/m.test(result?.text ?? "");
