import { type ReactNode, useId } from "react";

interface FormPartProps {
  title: string;
  hint?: string;
  children: ReactNode;
}

/** A part of the form, under a heading of its own. */
export function FormPart({ title, hint, children }: FormPartProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="border-t border-hairline pt-6">
      <h2 id={id} className="text-lg font-semibold">
        {title}
      </h2>
      {hint && <p className="mt-1 text-sm text-muted">{hint}</p>}
      <div className="mt-4 space-y-5">{children}</div>
    </section>
  );
}
