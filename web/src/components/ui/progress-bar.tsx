import { Progress } from "radix-ui";
import { classNames } from "@/lib/class-names";

interface ProgressBarProps {
  /** Percent. */
  value: number;
  /** What is under way. */
  label: string;
  className?: string;
}

export function ProgressBar({ value, label, className }: ProgressBarProps) {
  const shown = Math.min(100, Math.max(0, Math.round(value)));
  return (
    <Progress.Root
      value={shown}
      aria-label={label}
      className={classNames("h-1.5 overflow-hidden rounded-full bg-hairline", className)}
    >
      <Progress.Indicator
        className="size-full origin-left bg-red transition-transform duration-300"
        style={{ transform: `scaleX(${shown / 100})` }}
      />
    </Progress.Root>
  );
}
