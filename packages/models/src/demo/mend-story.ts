/** A small job as agents do it every day: write a program and its test, see the test fail, mend the program, see it pass. */
import type { PromptView, ToolResult } from "./prompt-view.ts";
import {
  createFile,
  type DemoAnswer,
  editFile,
  finalAnswer,
  quoteResult,
  runCommand,
  type Story,
  whoIAm,
} from "./story.ts";

const wrongLine = 'for word in re.findall(r"\\w+", text):';
const rightLine = 'for word in re.findall(r"\\w+", text.lower()):';

const program = `"""Counts the words of a file: python3 word_count.py FILE"""
import re
import sys
from collections import Counter


def count_words(text):
    counter = Counter()
    ${wrongLine}
        counter[word] += 1
    return counter


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        for word, count in count_words(file.read()).most_common(5):
            print(f"{count:4} {word}")
`;

const test = `import unittest

from word_count import count_words


class CountWords(unittest.TestCase):
    def test_words_are_counted(self):
        self.assertEqual(count_words("one two two")["two"], 2)

    def test_capital_letters_make_no_difference(self):
        self.assertEqual(count_words("The cat and the dog")["the"], 2)


if __name__ == "__main__":
    unittest.main()
`;

const runTests = "python3 test_word_count.py";

/** Whether the person asked for something of this kind. */
const known = /\b(tests?|bugs?|fix|mend|repair|debug|count|words?)\b/i;

export const mendStory: Story = {
  fits: (view) => !view.metBefore,
  steps: [
    (view) =>
      createFile(
        known.test(view.task)
          ? "I know one job of that kind, a program that counts words. First I write it."
          : "Your own task is beyond me, so I do a small job that I know: a program that counts words, with a test. " +
              "First I write the program.",
        "/workspace/word_count.py",
        program,
      ),
    () => createFile("Then its test.", "/workspace/test_word_count.py", test),
    () => runCommand("Now I run the test.", runTests),
    (view) =>
      failedAsExpected(last(view))
        ? editFile(
            "One test fails: `The` and `the` are counted apart. The program must look at small letters alone.",
            { path: "/workspace/word_count.py", old_str: wrongLine, new_str: rightLine },
          )
        : stopped(view),
    (view) =>
      view.results.length === 4 && failedAsExpected(view.results[2])
        ? runCommand(
            "The test again, and the program on its own source.",
            `${runTests} && python3 word_count.py word_count.py | tee words.txt`,
          )
        : stopped(view),
    (view) => (passed(last(view)) ? finalAnswer(done(view)) : stopped(view)),
  ],
};

const last = (view: PromptView): ToolResult | undefined => view.results.at(-1);

const failedAsExpected = (result: ToolResult | undefined): boolean =>
  /FAILED \(failures=1\)/.test(result?.text ?? "");

const passed = (result: ToolResult | undefined): boolean => /^OK\s*$/m.test(result?.text ?? "");

const done = (view: PromptView): string =>
  "Done: the test failed, I mended the program, and now it passes. What I did: the words are made small before they are " +
  "counted, so `The` and `the` are one. `word_count.py`, its test and `words.txt`, the five words that its source uses " +
  `most, are in your workspace.${quoteResult(last(view))}\n\n${whoIAm}`;

/** Something was not as the story has it: an old workspace, no Python. */
const stopped = (view: PromptView): DemoAnswer =>
  finalAnswer(`It did not go as I know it, so I stop here:${quoteResult(last(view))}\n\n${whoIAm}`);
