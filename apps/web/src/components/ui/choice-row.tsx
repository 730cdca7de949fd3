import { classNames } from "../class-names.ts";

interface ChoiceRowProps<Choice extends string> {
  readonly name: string;
  readonly legend: string;
  readonly choices: readonly Choice[];
  readonly words: Readonly<Record<Choice, string>>;
  readonly chosen: Choice;
  readonly onChoose: (choice: Choice) => void;
}

/** A few choices side by side, one of which holds. */
export function ChoiceRow<Choice extends string>(props: ChoiceRowProps<Choice>) {
  const { name, legend, choices, words, chosen, onChoose } = props;
  return (
    <fieldset className="flex flex-col gap-2.5">
      <legend className="mb-2.5 text-[15px] font-semibold">{legend}</legend>
      <div className="flex w-fit rounded-lg border border-line bg-panel p-0.5">
        {choices.map((choice) => (
          <label
            key={choice}
            className={classNames(
              "cursor-pointer rounded-md px-3 py-1 text-row text-mute has-focus-visible:outline-2 has-focus-visible:outline-accent",
              choice === chosen && "bg-raise text-ink",
            )}
          >
            <input
              type="radio"
              name={name}
              value={choice}
              className="sr-only"
              checked={choice === chosen}
              onChange={() => onChoose(choice)}
            />
            {words[choice]}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
