import { type ReactNode, useId } from "react";

interface SectionProps {
  title: string;
  /** What it is for, where the title does not say. */
  description?: ReactNode;
  /** Beside the title. */
  action?: ReactNode;
  /** In the place of the usual room above it. */
  className?: string;
  children: ReactNode;
}

/** A part of a page, under a heading of its own by which screen readers find it. */
export function Section({ title, description, action, className, children }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={className ?? "mt-12"}>
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <h2 id={id} className="text-lg font-semibold">
          {title}
        </h2>
        {action}
      </div>
      {description && <p className="mt-1 max-w-2xl text-sm text-pretty text-muted">{description}</p>}
      <div className="mt-4">{children}</div>
    </section>
  );
}
