import { ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import { classNames } from "@/lib/class-names";

interface DisclosureProps {
  summary: string;
  className?: string;
  children: ReactNode;
}

/** Something that is folded away until somebody wants to see it. */
export function Disclosure({ summary, className, children }: DisclosureProps) {
  return (
    <details className={classNames("group", className)}>
      <summary className="flex min-h-11 w-fit list-none items-center gap-2 text-sm font-semibold [&::-webkit-details-marker]:hidden">
        <ChevronDown
          aria-hidden="true"
          strokeWidth={1.5}
          className="size-4 -rotate-90 transition-transform group-open:rotate-0"
        />
        {summary}
      </summary>
      {children}
    </details>
  );
}
