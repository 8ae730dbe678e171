import { classNames } from "@/lib/class-names";

type Tone = "neutral" | "busy" | "good" | "bad" | "warn";

const looks: Record<Tone, string> = {
  neutral: "text-muted border-edge",
  busy: "text-amber border-amber",
  good: "text-green border-green",
  bad: "text-red border-red",
  warn: "text-amber border-amber",
};

interface BadgeProps {
  tone: Tone;
  children: string;
  className?: string;
}

/** A word about a state. The word carries it, the colour only helps. */
export function Badge({ tone, children, className }: BadgeProps) {
  return (
    <span
      className={classNames(
        "inline-flex items-center gap-1.5 rounded-full border px-2.5 py-0.5 text-xs font-semibold whitespace-nowrap",
        looks[tone],
        className,
      )}
    >
      <span aria-hidden="true" className="size-1.5 rounded-full bg-current" />
      {children}
    </span>
  );
}
