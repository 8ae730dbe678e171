import { type PointerEvent, type ReactNode, type RefObject, useRef } from "react";
import type { Image } from "@/api/schema";
import { classNames } from "@/lib/class-names";
import { ownPath } from "@/lib/own-address";
import { ratioOf } from "../job-state";
import type { ZoomState } from "./use-zoom";
import { type Point, swipeOf } from "./zoom";

interface PictureStageProps {
  image: Image;
  stage: RefObject<HTMLDivElement | null>;
  zoom: ZoomState;
  /** By how many images a finger has swiped. */
  onSwipe: (by: 1 | -1) => void;
  /** Drawn over the picture. */
  mark: ReactNode;
}

/** The picture, which fingers swipe, and which is dragged while it is zoomed. */
export function PictureStage({ image, stage, zoom, onSwipe, mark }: PictureStageProps) {
  const isZoomed = zoom.zoom !== "fit";
  const drag = useDrag(isZoomed, zoom.move, onSwipe);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what a pointer does here, keys and buttons do as well
    <div
      ref={stage}
      {...drag}
      onDoubleClick={zoom.toggle}
      className={classNames(
        "absolute inset-0 overflow-hidden select-none",
        isZoomed ? "cursor-grab touch-none active:cursor-grabbing" : "touch-pan-y touch-pinch-zoom",
      )}
    >
      {isZoomed ? <Zoomed {...{ image, zoom }} /> : <Fitted {...{ image, mark }} />}
    </div>
  );
}

function Zoomed({ image, zoom }: { image: Image; zoom: ZoomState }) {
  return (
    <img
      src={ownPath(image.url ?? "")}
      alt={image.alt ?? ""}
      draggable={false}
      className="absolute top-1/2 left-1/2 max-w-none"
      style={{
        width: zoom.width,
        transform: `translate(calc(-50% + ${zoom.pan.x}px), calc(-50% + ${zoom.pan.y}px))`,
      }}
    />
  );
}

function Fitted({ image, mark }: { image: Image; mark: ReactNode }) {
  return (
    <FittedBox image={image}>
      {image.thumbnail_url && (
        <img src={ownPath(image.thumbnail_url)} alt="" aria-hidden="true" className="absolute inset-0 size-full" />
      )}
      <img
        key={image.url}
        src={ownPath(image.url ?? "")}
        alt={image.alt ?? ""}
        draggable={false}
        className="absolute inset-0 size-full"
      />
      {mark}
    </FittedBox>
  );
}

/** The largest box of an image's ratio that the stage has room for, and no larger than the image is. */
export function FittedBox({ image, children }: { image: Image; children: ReactNode }) {
  const { width, height } = image;
  const ratio = width && height ? width / height : ratioOf(image.aspect_ratio);
  return (
    <div className="absolute inset-4 grid place-items-center sm:inset-6" style={{ containerType: "size" }}>
      <div
        className="relative"
        style={{ aspectRatio: ratio, width: `min(100cqw, ${100 * ratio}cqh${width ? `, ${width}px` : ""})` }}
      >
        {children}
      </div>
    </div>
  );
}

/** Dragging while zoomed, swiping with a finger otherwise. */
function useDrag(isZoomed: boolean, move: (by: Point) => void, onSwipe: (by: 1 | -1) => void) {
  const start = useRef<Point | undefined>(undefined);
  const last = useRef<Point | undefined>(undefined);
  const end = () => {
    start.current = undefined;
    last.current = undefined;
  };
  return {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if (!event.isPrimary || event.button !== 0) return;
      start.current = { x: event.clientX, y: event.clientY };
      last.current = start.current;
      if (isZoomed) event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      if (!last.current || !isZoomed) return;
      move({ x: event.clientX - last.current.x, y: event.clientY - last.current.y });
      last.current = { x: event.clientX, y: event.clientY };
    },
    onPointerUp(event: PointerEvent<HTMLElement>) {
      if (start.current && !isZoomed && event.pointerType !== "mouse") {
        const by = swipeOf(start.current, { x: event.clientX, y: event.clientY });
        if (by !== 0) onSwipe(by);
      }
      end();
    },
    onPointerCancel: end,
  };
}
