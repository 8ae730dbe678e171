import type { InputHTMLAttributes, ReactNode, SelectHTMLAttributes, TextareaHTMLAttributes } from "react";
import { useId } from "react";
import { classNames } from "@/lib/class-names";

interface FieldProps {
  label: string;
  /** What to write there, below it. */
  hint?: ReactNode;
  /** What is wrong with it. */
  error?: string | undefined;
  className?: string;
}

/** The names that tie a control to its label, its hint and its error. */
interface Ties {
  id: string;
  "aria-describedby"?: string;
  "aria-invalid"?: true;
}

function Field({ label, hint, error, className, children }: FieldProps & { children: (ties: Ties) => ReactNode }) {
  const id = useId();
  const describedBy = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1 block text-sm font-semibold">
        {label}
      </label>
      {children({
        id,
        ...(describedBy && { "aria-describedby": describedBy }),
        ...(error && { "aria-invalid": true }),
      })}
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
    </div>
  );
}

const control =
  "block w-full rounded-md border border-edge bg-surface px-3 py-2 text-base text-ink placeholder:text-muted aria-invalid:border-red disabled:opacity-60";

export function TextField({
  label,
  hint,
  error,
  className,
  ...input
}: FieldProps & Omit<InputHTMLAttributes<HTMLInputElement>, "className">) {
  return (
    <Field label={label} hint={hint} error={error} {...(className && { className })}>
      {(ties) => <input type="text" {...input} {...ties} className={classNames(control, "min-h-11")} />}
    </Field>
  );
}

export function TextArea({
  label,
  hint,
  error,
  className,
  ...input
}: FieldProps & Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, "className">) {
  return (
    <Field label={label} hint={hint} error={error} {...(className && { className })}>
      {(ties) => <textarea rows={3} {...input} {...ties} className={control} />}
    </Field>
  );
}

export function SelectField({
  label,
  hint,
  error,
  className,
  children,
  ...select
}: FieldProps & Omit<SelectHTMLAttributes<HTMLSelectElement>, "className">) {
  return (
    <Field label={label} hint={hint} error={error} {...(className && { className })}>
      {(ties) => (
        <select {...select} {...ties} className={classNames(control, "min-h-11 pr-8")}>
          {children}
        </select>
      )}
    </Field>
  );
}
