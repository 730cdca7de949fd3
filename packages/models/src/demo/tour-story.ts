/** A short tour of the sandbox. */
import { createFile, finalAnswer, quoteResult, runCommand, type Story, whoIAm } from "./story.ts";

const program = `#!/bin/sh
# A look around the container of this conversation.
echo "Today is $(date '+%A, %d %B %Y')."
echo "I work as $(id -un) on $(uname -sr), in $(pwd)."
for tool in python3 node git; do
  if command -v "$tool" >/dev/null; then
    echo "$tool is here: $("$tool" --version 2>&1 | head -n 1)"
  else
    echo "$tool is not installed."
  fi
done
`;

const asksForTour = /show me around|shell script|what is installed|\btour\b/i;

export const tourStory: Story = {
  fits: (view) => asksForTour.test(view.task),
  steps: [
    () => createFile("First I create a small script that looks around.", "/workspace/tour.sh", program),
    () =>
      runCommand("Now I run it in the shell, and keep its output in a file.", "sh tour.sh | tee tour.txt"),
    (view) =>
      finalAnswer(
        `This is what it printed; \`tour.sh\` and \`tour.txt\` are in your workspace:${quoteResult(view.results.at(-1))}\n\n` +
          `${whoIAm} Until then, ask me for prime numbers: that I can do.`,
      ),
  ],
};

/** A story was told already, and the person goes on. */
export const againStory: Story = {
  fits: () => true,
  steps: [
    () => runCommand("I cannot do that task, but I can show you what is in your workspace.", "ls -la"),
    (view) => finalAnswer(`This is there now:${quoteResult(view.results.at(-1))}\n\n${whoIAm}`),
  ],
};
