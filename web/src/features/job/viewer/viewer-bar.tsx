import { Circle, Columns2, X, ZoomIn, ZoomOut } from "lucide-react";
import { IconButton } from "@/components/ui/button";
import { classNames } from "@/lib/class-names";
import type { Frame } from "../job-state";
import type { ZoomState } from "./use-zoom";
import { zoomWords } from "./zoom";

interface ViewerBarProps {
  titleId: string;
  frame: Frame;
  count: number;
  zoom: ZoomState;
  isPicked: boolean;
  isComparing: boolean;
  /** Whether there is a picture, and a photo to compare it with. */
  canZoom: boolean;
  canCompare: boolean;
  onPick: () => void;
  onCompare: () => void;
  onClose: () => void;
}

const icon = { "aria-hidden": true, className: "size-5", strokeWidth: 1.5 } as const;

/** Which image is shown, and how. */
export function ViewerBar(props: ViewerBarProps) {
  const { titleId, frame, count, zoom, isPicked, isComparing } = props;
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-x-3 border-b border-hairline bg-surface px-2 py-1 sm:px-4">
      <p aria-hidden="true" className="pl-2 text-xs font-semibold tracking-widest text-muted tabular-nums">
        {frame.number}
        <span className="font-normal">/{String(count).padStart(2, "0")}</span>
      </p>
      <h2
        id={titleId}
        aria-live="polite"
        className="order-last w-full truncate px-2 pb-1 text-base font-semibold sm:order-none sm:w-auto sm:min-w-0 sm:flex-1 sm:pb-0"
      >
        <span className="sr-only">{`Image ${frame.index + 1} of ${count}:`}</span> {frame.image?.title ?? "Image"}
        {isPicked && <span className="sr-only">, your pick</span>}
      </h2>
      <div className="ml-auto flex items-center">
        <IconButton
          label="Zoom out"
          disabled={!props.canZoom || isComparing || zoom.zoom === "fit"}
          onClick={() => zoom.by(-1)}
        >
          <ZoomOut {...icon} />
        </IconButton>
        <span className="w-12 text-center text-xs tabular-nums" aria-live="polite">
          {zoomWords(zoom.zoom)}
        </span>
        <IconButton
          label="Zoom in"
          disabled={!props.canZoom || isComparing || zoom.zoom === 2}
          onClick={() => zoom.by(1)}
        >
          <ZoomIn {...icon} />
        </IconButton>
        {props.canCompare && (
          <IconButton
            label="Compare with the photo"
            aria-pressed={isComparing}
            onClick={props.onCompare}
            className={classNames(isComparing && "bg-hairline/60 text-red")}
          >
            <Columns2 {...icon} />
          </IconButton>
        )}
        {props.canZoom && (
          <IconButton
            label="Mark as your pick"
            aria-pressed={isPicked}
            onClick={props.onPick}
            className={classNames(isPicked && "text-red")}
          >
            <Circle {...icon} strokeWidth={isPicked ? 3 : 1.5} />
          </IconButton>
        )}
        <IconButton label="Close" onClick={props.onClose}>
          <X {...icon} />
        </IconButton>
      </div>
    </div>
  );
}
