import { useState } from "react";

/** One bar. */
interface UsageBar {
  /** `2026-11-24`, in UTC. */
  day: string;
  value: number;
}

interface UsageChartProps {
  bars: readonly UsageBar[];
  /** A value in words: "12 jobs". */
  format: (value: number) => string;
  /** What it shows, for those who do not see it: the numbers are in a table beside it. */
  label: string;
  /** What is said while no bar is pointed at. */
  summary: string;
}

/** Drawn in these units and stretched to the width that there is; what has words in it is not in the drawing. */
const HEIGHT = 100;
const GAP = 0.2;
/** A day with anything at all is to be seen beside a day with a thousand times that. */
const LEAST = 2;

/** Bars by day. Colours and lines are the page's; the drawing is ours, so no style goes into the page. */
export function UsageChart({ bars, format, label, summary }: UsageChartProps) {
  const [pointed, setPointed] = useState<number>();
  const most = Math.max(...bars.map(({ value }) => value), 0);
  const shown = pointed === undefined ? undefined : bars[pointed];
  const first = bars[0];
  const last = bars.at(-1);
  return (
    <figure>
      <figcaption className="min-h-6 text-sm tabular-nums">
        {shown ? (
          <>
            <span className="font-semibold">{format(shown.value)}</span> on {shortDay(shown.day)}
          </>
        ) : (
          summary
        )}
      </figcaption>
      <div className="mt-3 text-xs text-muted tabular-nums">
        <p className="min-h-[1.4em]">{most > 0 ? format(most) : ""}</p>
        <svg
          role="img"
          aria-label={label}
          viewBox={`0 0 ${bars.length} ${HEIGHT}`}
          preserveAspectRatio="none"
          className="mt-1 block h-40 w-full border-y border-hairline"
          onPointerMove={(event) => {
            const { left, width } = event.currentTarget.getBoundingClientRect();
            setPointed(barAt(event.clientX - left, width, bars.length));
          }}
          onPointerLeave={() => setPointed(undefined)}
        >
          <line
            x1={0}
            x2={bars.length}
            y1={HEIGHT / 2}
            y2={HEIGHT / 2}
            vectorEffect="non-scaling-stroke"
            className="stroke-hairline"
          />
          {bars.map(({ day, value }, index) => {
            const height = barHeight(value, most);
            return (
              <rect
                key={day}
                x={index + GAP / 2}
                y={HEIGHT - height}
                width={1 - GAP}
                height={height}
                className={index === pointed ? "fill-red" : "fill-ink"}
              />
            );
          })}
        </svg>
        <div aria-hidden="true" className="mt-1 flex justify-between">
          <span>{first && shortDay(first.day)}</span>
          <span>{last && shortDay(last.day)}</span>
        </div>
      </div>
    </figure>
  );
}

/** How high a bar is, of {@link HEIGHT}. */
export function barHeight(value: number, most: number): number {
  if (value <= 0 || most <= 0) return 0;
  return Math.max(LEAST, (value / most) * HEIGHT);
}

/** Which bar is at a place; `undefined` beside them. */
export function barAt(x: number, width: number, count: number): number | undefined {
  if (width <= 0 || x < 0 || x >= width) return undefined;
  return Math.floor((x / width) * count);
}

/** `24 Nov`. */
export function shortDay(day: string): string {
  return new Date(`${day}T00:00:00Z`).toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
}
