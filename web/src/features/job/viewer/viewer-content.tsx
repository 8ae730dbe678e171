import { useEffect, useRef, useState } from "react";
import type { Image, Job } from "@/api/schema";
import { Spinner } from "@/components/ui/spinner";
import { ownPath } from "@/lib/own-address";
import type { FrameWithImage } from "../job-state";
import { PickMark } from "../pick-mark";
import { frameWords } from "../words";
import { CompareStage } from "./compare-stage";
import { PictureStage } from "./picture-stage";
import { TurnButton } from "./turn-button";
import { useViewerKeys } from "./use-viewer-keys";
import { useZoom } from "./use-zoom";
import { ViewerBar } from "./viewer-bar";
import { ViewerPanel } from "./viewer-panel";
import { wrap } from "./zoom";

interface ViewerContentProps {
  job: Job;
  frame: FrameWithImage;
  frames: readonly FrameWithImage[];
  /** Which of the frames it is. */
  place: number;
  pick: string | undefined;
  onPick: (imageId: string) => void;
  onMove: (index: number) => void;
  onClose: () => void;
  onRetry: (image: Image) => void;
  titleId: string;
}

/** How far an arrow key moves a zoomed picture, in pixels. */
const STEP = 80;

const arrows: Record<string, { x: number; y: number }> = {
  ArrowLeft: { x: STEP, y: 0 },
  ArrowRight: { x: -STEP, y: 0 },
  ArrowUp: { x: 0, y: STEP },
  ArrowDown: { x: 0, y: -STEP },
};

export function ViewerContent(props: ViewerContentProps) {
  const { job, frame, frames, place, pick, titleId } = props;
  const { image } = frame;
  const [isComparing, setIsComparing] = useState(false);
  const stage = useRef<HTMLDivElement>(null);
  const zoom = useZoom(stage, { width: image.width ?? 1024, height: image.height ?? 1024 });
  const isReady = image.status === "ready" && Boolean(image.url);
  const canCompare = isReady && (job.photos?.length ?? 0) > 0;
  const isPicked = pick === image.id;

  const show = (next: number) => {
    const target = frames[wrap(next, frames.length)];
    if (!target || target.index === frame.index) return;
    zoom.fit();
    props.onMove(target.index);
  };
  const turn = (by: 1 | -1) => show(place + by);
  const compare = () => {
    zoom.fit();
    setIsComparing(!isComparing);
  };
  const doFor: Record<string, () => void> = {
    ArrowLeft: () => turn(-1),
    ArrowRight: () => turn(1),
    Home: () => show(0),
    End: () => show(frames.length - 1),
    ...(isReady && {
      ...(!isComparing && {
        "+": () => zoom.by(1),
        "=": () => zoom.by(1),
        "-": () => zoom.by(-1),
        "0": zoom.fit,
      }),
      p: () => props.onPick(image.id),
    }),
    ...(canCompare && { c: compare }),
    ...(job.status === "completed" && !frame.isBeingRetried && { r: () => props.onRetry(image) }),
  };
  useViewerKeys((key) => {
    const pan = zoom.zoom === "fit" ? undefined : arrows[key];
    return pan ? () => zoom.move(pan) : doFor[key];
  });
  useNeighbours(frames, place);
  return (
    <div className="flex size-full flex-col">
      <ViewerBar
        {...{ titleId, frame, zoom, isPicked, canCompare }}
        count={job.count}
        isComparing={isComparing && canCompare}
        canZoom={isReady}
        onPick={() => props.onPick(image.id)}
        onCompare={compare}
        onClose={props.onClose}
      />
      <div className="flex min-h-0 flex-1 flex-col overflow-y-auto lg:flex-row lg:overflow-hidden">
        <div className="relative h-[58dvh] shrink-0 lg:h-auto lg:min-w-0 lg:flex-1 lg:shrink">
          {!isReady && <NoPicture frame={frame} />}
          {isReady && isComparing && canCompare && <CompareStage {...{ job, image }} />}
          {isReady && !(isComparing && canCompare) && (
            <PictureStage {...{ image, stage, zoom }} onSwipe={turn} mark={isPicked && <PickMark />} />
          )}
          {frames.length > 1 && (
            <>
              <TurnButton by={-1} onTurn={turn} />
              <TurnButton by={1} onTurn={turn} />
            </>
          )}
        </div>
        <ViewerPanel {...{ job, frame, image }} onRetry={() => props.onRetry(image)} />
      </div>
    </div>
  );
}

function NoPicture({ frame }: { frame: FrameWithImage }) {
  const isBusy = frame.isBeingRetried || frame.state === "being_made";
  const message = !frame.isBeingRetried && frame.state === "failed" ? frame.image.message : undefined;
  return (
    <div className="absolute inset-0 flex flex-col items-center justify-center gap-3 px-16 text-center">
      {isBusy && <Spinner className="size-6" />}
      <p className="text-lg font-semibold">{frameWords(frame)}</p>
      {message && <p className="max-w-md text-sm text-muted">{message}</p>}
    </div>
  );
}

/** Fetches the pictures on both sides, so that turning to them shows them at once. */
function useNeighbours(frames: readonly FrameWithImage[], place: number) {
  const urls = [-1, 1].map((by) => frames[wrap(place + by, frames.length)]?.image.url).join(" ");
  useEffect(() => {
    for (const url of urls.split(" ").filter(Boolean)) document.createElement("img").src = ownPath(url);
  }, [urls]);
}
