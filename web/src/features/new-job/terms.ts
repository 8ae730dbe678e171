/** What can be chosen for a job's images, as the API names it. */

import type { GenerateRequest } from "@/api/schema";
import prices from "@/prices.json";

export type AspectRatio = NonNullable<GenerateRequest["aspect_ratio"]>;
export type ImageSize = NonNullable<GenerateRequest["image_size"]>;
export type OnLate = NonNullable<GenerateRequest["on_late"]>;

/** Those that shops and feeds ask for. */
export const COMMON_RATIOS = ["1:1", "4:5", "3:4", "16:9", "9:16"] as const satisfies AspectRatio[];

export const OTHER_RATIOS = [
  "2:3",
  "3:2",
  "4:3",
  "5:4",
  "21:9",
  "1:4",
  "4:1",
  "1:8",
  "8:1",
] as const satisfies AspectRatio[];

/** Those that the image model makes, which is why there is a price for them. */
export const IMAGE_SIZES = Object.keys(prices.image_size) as ImageSize[];

export const ON_LATE = ["fail", "wait", "fallback"] as const satisfies OnLate[];

/** How many hours people may give, beside the API's own day. */
export const DEADLINE_HOURS = ["1", "3", "6", "12", "48"] as const;
export type DeadlineHours = (typeof DEADLINE_HOURS)[number];

export const MOST_IMAGES = 10;
export const LONGEST_BRIEF = 2000;
export const LONGEST_DESCRIPTION = 4000;
export const LONGEST_TEXT = 200;

const NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

/** `ten images`, `one image`. */
export function imagesInWords(count: number): string {
  return `${NUMBERS[count] ?? count} ${count === 1 ? "image" : "images"}`;
}

/** Width divided by height. */
export function proportion(ratio: AspectRatio): number {
  const [width, height] = ratio.split(":").map(Number);
  return (width ?? 1) / (height ?? 1);
}
