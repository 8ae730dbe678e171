import { Circle, Download, RotateCw } from "lucide-react";
import type { Image, Job } from "@/api/schema";
import { IconButton } from "@/components/ui/button";
import { classNames } from "@/lib/class-names";
import { ownPath } from "@/lib/own-address";
import { imageFileName } from "./file-name";
import { FramePicture } from "./frame-picture";
import { IconAnchor } from "./icon-anchor";
import { type Frame, isRunning, ratioOf, readyCount } from "./job-state";
import { PickMark } from "./pick-mark";
import { frameWords, kindWords } from "./words";

/** Tall frames are no taller than this, in rem, so that a sheet of them can be overlooked. */
const TALLEST = 26;

/** Frames that are wider than so many times their height have one line to say something in. */
const LOW = 3;

const icon = { "aria-hidden": true, className: "size-5", strokeWidth: 1.5 } as const;

interface FrameCardProps {
  job: Job;
  frame: Frame;
  isPicked: boolean;
  onPick: (imageId: string) => void;
  onOpen: (index: number) => void;
  onRetry: (image: Image) => void;
}

/** One frame of the contact sheet, with its number below it as on film. */
export function FrameCard({ job, frame, isPicked, onPick, onOpen, onRetry }: FrameCardProps) {
  const ratio = ratioOf(frame.image?.aspect_ratio ?? job.aspect_ratio);
  const title = frame.image?.title;
  const name = `Image ${frame.index + 1}${title ? `, ${title}` : ""}: ${frameWords(frame)}${isPicked ? ", your pick" : ""}`;
  const box = classNames(
    "relative block w-full overflow-hidden rounded-md border bg-paper",
    frame.image?.thumbnail_url ? "border-hairline" : "border-dashed border-edge",
  );
  return (
    <li className="min-w-0">
      <div className="relative mx-auto" style={{ width: `min(100%, ${ratio * TALLEST}rem)` }}>
        {frame.image ? (
          <button
            type="button"
            data-frame={frame.index}
            aria-label={name}
            onClick={() => onOpen(frame.index)}
            className={classNames(box, "transition-colors hover:border-ink")}
            style={{ aspectRatio: ratio }}
          >
            <FramePicture frame={frame} isWide={ratio > LOW} />
          </button>
        ) : (
          <div className={box} style={{ aspectRatio: ratio }}>
            <FramePicture frame={frame} isWide={ratio > LOW} />
          </div>
        )}
        {isPicked && <PickMark />}
      </div>
      <p className="mt-2.5 flex items-baseline justify-between gap-2 text-xs text-muted">
        <span className="font-semibold tracking-widest tabular-nums">{frame.number}</span>
        <Aside frame={frame} />
      </p>
      {hasEndedEmpty(job) ? null : (
        <>
          <p className="mt-0.5 line-clamp-2 min-h-10.5 text-sm break-words">{title}</p>
          <Actions {...{ job, frame, isPicked, onPick, onRetry }} />
        </>
      )}
    </li>
  );
}

/** Nothing comes any more, so no room is kept for it. */
function hasEndedEmpty(job: Job): boolean {
  return !isRunning(job) && job.status !== "completed" && readyCount(job) === 0;
}

/** What kind of shot it is, unless there is something more urgent to say. */
function Aside({ frame: { image, isBeingRetried } }: { frame: Frame }) {
  if (image?.retry?.status === "failed" && !isBeingRetried) {
    return <span className="font-semibold text-amber">New take failed</span>;
  }
  return <span className="truncate">{kindWords(image?.kind)}</span>;
}

/** What can be done with a frame without opening it. The room is there before there is anything to do. */
function Actions({ job, frame, isPicked, onPick, onRetry }: Omit<FrameCardProps, "onOpen">) {
  const { image, isBeingRetried } = frame;
  const number = frame.index + 1;
  return (
    <div className="-ml-3 flex min-h-11">
      {image?.status === "ready" && (
        <IconButton
          label={`Mark image ${number} as your pick`}
          aria-pressed={isPicked}
          onClick={() => onPick(image.id)}
          className={isPicked ? "text-red" : "text-muted hover:text-ink"}
        >
          <Circle {...icon} strokeWidth={isPicked ? 3 : 1.5} />
        </IconButton>
      )}
      {image?.url && (
        <IconAnchor href={ownPath(image.url)} download={imageFileName(job, image)} label={`Download image ${number}`}>
          <Download {...icon} className="size-5 text-muted" />
        </IconAnchor>
      )}
      {image && job.status === "completed" && (
        <IconButton
          label={image.status === "ready" ? `Make another take of image ${number}` : `Retry image ${number}`}
          disabled={isBeingRetried}
          onClick={() => onRetry(image)}
          className="text-muted hover:text-ink"
        >
          <RotateCw {...icon} />
        </IconButton>
      )}
    </div>
  );
}
