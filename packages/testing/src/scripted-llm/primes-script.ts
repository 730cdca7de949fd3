/** The task that every version must do: write a script for the first 20 primes, run it, keep what it printed. */
import { answer, call, type Reply, say } from "./reply.ts";

export const primesTask =
  "Write a Python script that prints the first 20 prime numbers, run it, and save the output to primes.txt";

/** The first 20 primes, a line each, as the script prints them. */
export const primesOutput = "2\n3\n5\n7\n11\n13\n17\n19\n23\n29\n31\n37\n41\n43\n47\n53\n59\n61\n67\n71\n";

const program = `def primes(count):
    found = []
    candidate = 2
    while len(found) < count:
        if all(candidate % prime for prime in found):
            found.append(candidate)
        candidate += 1
    return found


for prime in primes(20):
    print(prime)
`;

/** Three answers: create `/workspace/primes.py`, run it into `primes.txt`, report. */
export function primesScript(): Reply[] {
  return [
    answer({
      text: "I will write the script, run it and save what it prints.",
      calls: [
        {
          name: "file_editor",
          arguments: { command: "create", path: "/workspace/primes.py", file_text: program },
        },
      ],
      chunkSize: 16,
    }),
    call("terminal", { command: "python3 primes.py | tee primes.txt" }),
    say("Done: primes.py prints the first 20 prime numbers, and its output is saved in primes.txt."),
  ];
}
