import { expect, it } from "vitest";
import { clampPan, swipeOf, wrap, zoomBy } from "./zoom";

it("zooms step by step and stops at the ends", () => {
  expect(zoomBy("fit", 1)).toBe(1);
  expect(zoomBy(1, 1)).toBe(2);
  expect(zoomBy(2, 1)).toBe(2);
  expect(zoomBy(1, -1)).toBe("fit");
  expect(zoomBy("fit", -1)).toBe("fit");
});

it("keeps a picture over the stage", () => {
  const stage = { width: 400, height: 600 };
  expect(clampPan({ x: 900, y: -900 }, { width: 1000, height: 800 }, stage)).toEqual({ x: 300, y: -100 });
  expect(clampPan({ x: 10, y: 10 }, { width: 1000, height: 500 }, stage)).toEqual({ x: 10, y: 0 });
});

it("tells a swipe from a touch and from scrolling", () => {
  const from = { x: 200, y: 200 };
  expect(swipeOf(from, { x: 100, y: 220 })).toBe(1);
  expect(swipeOf(from, { x: 300, y: 180 })).toBe(-1);
  expect(swipeOf(from, { x: 190, y: 200 })).toBe(0);
  expect(swipeOf(from, { x: 130, y: 400 })).toBe(0);
});

it("goes around both ends", () => {
  expect(wrap(10, 10)).toBe(0);
  expect(wrap(-1, 10)).toBe(9);
});
