import { type ReactNode, useId } from "react";
import { classNames } from "@/lib/class-names";

interface Option<Value extends string> {
  value: Value;
  label: ReactNode;
  /** Drawn above the label. */
  picture?: ReactNode;
  /** Where the label alone says too little to those who do not see it. */
  name?: string;
}

interface RadioTilesProps<Value extends string> {
  /** The field's name at the API. */
  name: string;
  legend: string;
  hint?: ReactNode;
  error?: string | undefined;
  value: Value;
  onChange: (value: Value) => void;
  options: readonly Option<Value>[];
  /** The grid of the tiles. */
  className: string;
  children?: ReactNode;
}

/** One of a few, each to be seen: radio buttons that look like tiles. */
export function RadioTiles<Value extends string>(props: RadioTilesProps<Value>) {
  const { name, legend, hint, error, value, onChange, options, className, children } = props;
  const id = useId();
  const describedBy = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <fieldset {...(describedBy && { "aria-describedby": describedBy })}>
      <legend className="mb-1 text-sm font-semibold">{legend}</legend>
      <div className={classNames("grid gap-2", className)}>
        {options.map((option) => (
          <label
            key={option.value}
            className={classNames(
              "flex min-h-11 flex-col items-center justify-center gap-1.5 rounded-md border bg-surface px-1 py-2 text-center text-sm",
              "has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-red",
              option.value === value
                ? "border-ink font-semibold ring-1 ring-ink ring-inset"
                : "border-edge text-muted hover:border-ink hover:text-ink",
            )}
          >
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
              {...(option.name && { "aria-label": option.name })}
              className="sr-only"
            />
            {option.picture}
            <span>{option.label}</span>
          </label>
        ))}
      </div>
      {children}
      {hint && (
        <p id={`${id}-hint`} className="mt-1 text-xs text-muted">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="mt-1 text-sm text-red">
          {error}
        </p>
      )}
    </fieldset>
  );
}
