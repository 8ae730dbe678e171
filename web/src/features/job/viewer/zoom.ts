/** How a picture is zoomed and moved; sizes and places in CSS pixels. */

/** The whole picture in the window, or so many pixels for one of the picture. */
export type Zoom = "fit" | 1 | 2;

const LEVELS: readonly Zoom[] = ["fit", 1, 2];

export interface Point {
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

export const CENTER: Point = { x: 0, y: 0 };

export function zoomBy(zoom: Zoom, steps: 1 | -1): Zoom {
  const place = LEVELS.indexOf(zoom) + steps;
  return LEVELS[Math.min(LEVELS.length - 1, Math.max(0, place))] ?? zoom;
}

export function zoomWords(zoom: Zoom): string {
  return zoom === "fit" ? "Fit" : `${zoom * 100} %`;
}

function within(value: number, picture: number, stage: number): number {
  const room = Math.max(0, (picture - stage) / 2);
  return Math.min(room, Math.max(-room, value)) + 0;
}

/** The nearest place from the center at which the picture still covers the stage, or is as a whole within it. */
export function clampPan(pan: Point, picture: Size, stage: Size): Point {
  return {
    x: within(pan.x, picture.width, stage.width),
    y: within(pan.y, picture.height, stage.height),
  };
}

/** Fingers that move less than this have not swiped. */
const SWIPE = 48;

/** Which way a finger has gone over the picture: 1 to the image after, -1 to the one before. */
export function swipeOf(from: Point, to: Point): 1 | -1 | 0 {
  const across = to.x - from.x;
  if (Math.abs(across) < SWIPE || Math.abs(across) < Math.abs(to.y - from.y)) return 0;
  return across < 0 ? 1 : -1;
}

/** Around the ends. */
export function wrap(index: number, count: number): number {
  return ((index % count) + count) % count;
}
