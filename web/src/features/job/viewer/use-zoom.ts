import { type RefObject, useState } from "react";
import { CENTER, clampPan, type Point, type Size, type Zoom, zoomBy } from "./zoom";

/** How a picture of this size is zoomed and moved on its stage. */
export function useZoom(stage: RefObject<HTMLElement | null>, picture: Size) {
  const [zoom, setZoom] = useState<Zoom>("fit");
  const [pan, setPan] = useState<Point>(CENTER);
  const scale = zoom === "fit" ? 1 : zoom;

  const set = (next: Zoom) => {
    setZoom(next);
    setPan(CENTER);
  };
  return {
    zoom,
    pan,
    /** The picture's width as it is zoomed. */
    width: picture.width * scale,
    by: (steps: 1 | -1) => set(zoomBy(zoom, steps)),
    fit: () => set("fit"),
    toggle: () => set(zoom === "fit" ? 1 : "fit"),
    move: (by: Point) => {
      const box = stage.current?.getBoundingClientRect();
      if (!box || zoom === "fit") return;
      const size = { width: picture.width * scale, height: picture.height * scale };
      setPan((now) => clampPan({ x: now.x + by.x, y: now.y + by.y }, size, box));
    },
  };
}

export type ZoomState = ReturnType<typeof useZoom>;
