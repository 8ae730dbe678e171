import { LoaderCircle } from "lucide-react";
import { classNames } from "@/lib/class-names";

interface SpinnerProps {
  /** What is waited for, for those who do not see it turn. Left out where words beside it say so. */
  label?: string;
  className?: string;
}

export function Spinner({ label, className }: SpinnerProps) {
  const circle = (
    <LoaderCircle
      aria-hidden="true"
      strokeWidth={1.5}
      className={classNames("animate-turn", label ? "size-6" : className)}
    />
  );
  if (!label) return circle;
  return (
    <div role="status" className={classNames("flex justify-center text-muted", className)}>
      {circle}
      <span className="sr-only">{label}</span>
    </div>
  );
}
