import { type InputHTMLAttributes, type ReactNode, useId } from "react";
import { classNames } from "@/lib/class-names";

interface CheckFieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, "type"> {
  label: ReactNode;
  /** What ticking it means, below the label. */
  hint?: ReactNode;
}

/** A box to tick, whose whole row can be pressed. */
export function CheckField({ label, hint, className, ...input }: CheckFieldProps) {
  const id = useId();
  return (
    <label htmlFor={id} className={classNames("flex min-h-11 items-start gap-3 py-2 text-sm", className)}>
      <input
        {...input}
        id={id}
        type="checkbox"
        aria-describedby={hint ? `${id}-hint` : undefined}
        aria-labelledby={`${id}-label`}
        className="mt-0.5 size-5 shrink-0 accent-ink"
      />
      <span className="min-w-0">
        <span id={`${id}-label`} className="block">
          {label}
        </span>
        {hint && (
          <span id={`${id}-hint`} className="block text-xs text-muted">
            {hint}
          </span>
        )}
      </span>
    </label>
  );
}
