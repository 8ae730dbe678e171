import { ChevronLeft, ChevronRight } from "lucide-react";
import { classNames } from "@/lib/class-names";

interface TurnButtonProps {
  by: 1 | -1;
  onTurn: (by: 1 | -1) => void;
}

/** To the image before or after, at the edge of the stage. */
export function TurnButton({ by, onTurn }: TurnButtonProps) {
  const Icon = by === 1 ? ChevronRight : ChevronLeft;
  const name = by === 1 ? "Next image" : "Previous image";
  return (
    <button
      type="button"
      aria-label={name}
      title={name}
      onClick={() => onTurn(by)}
      className={classNames(
        "absolute top-1/2 z-2 flex size-11 -translate-y-1/2 items-center justify-center rounded-full border border-edge bg-surface hover:border-ink",
        by === 1 ? "right-2 sm:right-3" : "left-2 sm:left-3",
      )}
    >
      <Icon aria-hidden="true" className="size-5" strokeWidth={1.5} />
    </button>
  );
}
