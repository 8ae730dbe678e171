import { useId } from "react";
import { classNames } from "@/lib/class-names";
import type { Meter } from "./limits";

const NEARLY = 0.8;

/** How much of a limit is used up. The words say it; the bar helps to see it. */
export function LimitMeter({ meter }: { meter: Meter }) {
  const id = useId();
  const percent = Math.round(meter.used * 100);
  return (
    <li>
      <p id={id} className="text-xs text-muted">
        {meter.name}
      </p>
      <p className="font-semibold tabular-nums">{meter.words}</p>
      <meter aria-labelledby={id} min={0} max={100} value={percent} className="sr-only">
        {percent} % used
      </meter>
      <div aria-hidden="true" className="mt-2 h-1.5 overflow-hidden rounded-full bg-hairline">
        <div
          className={classNames(
            "size-full origin-left rounded-full",
            meter.used >= 1 ? "bg-red" : meter.used >= NEARLY ? "bg-amber" : "bg-ink",
          )}
          style={{ transform: `scaleX(${meter.used})` }}
        />
      </div>
      <p className="mt-1 text-xs text-muted">{meter.back}</p>
    </li>
  );
}
