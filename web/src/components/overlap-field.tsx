import { SelectField } from "./ui/field";

const choices = [
  { hours: 0, words: "It stops at once" },
  { hours: 1, words: "It works for 1 more hour" },
  { hours: 24, words: "It works for 24 more hours" },
  { hours: 72, words: "It works for 3 more days" },
  { hours: 168, words: "It works for 7 more days" },
];

/** As the API has it where nothing is said. */
export const DEFAULT_OVERLAP_HOURS = 24;

interface OverlapFieldProps {
  label: string;
  hint: string;
  hours: number;
  onChange: (hours: number) => void;
}

/** For how long what is replaced goes on working. */
export function OverlapField({ label, hint, hours, onChange }: OverlapFieldProps) {
  return (
    <SelectField
      className="mt-4"
      label={label}
      hint={hint}
      value={hours}
      onChange={(event) => onChange(Number(event.target.value))}
    >
      {choices.map((choice) => (
        <option key={choice.hours} value={choice.hours}>
          {choice.words}
        </option>
      ))}
    </SelectField>
  );
}
