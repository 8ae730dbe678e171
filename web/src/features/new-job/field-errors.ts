/** What is wrong, at which field: found here before anything is sent, or told by the API. Pure. */

import type { ApiProblem } from "@/api/problem";
import type { GenerateFromDriveRequest } from "@/api/schema";
import { hasChosen } from "@/features/drive/choice";
import { type Draft, isAmount } from "./draft";
import { LONGEST_BRIEF, LONGEST_DESCRIPTION, LONGEST_TEXT } from "./terms";
import type { Photo } from "./upload-queue";

/** By the API's names of fields. */
export type FieldErrors = Record<string, string>;

/** In the order of the page: the first one that is wrong is where the person is led. */
const FIELD_ORDER = [
  "images",
  "drive",
  "save_to_drive",
  "product.title",
  "product.description",
  "product.category",
  "product.brand",
  "brief",
  "style",
  "product.language",
  "count",
  "aspect_ratio",
  "image_size",
  "deadline",
  "on_late",
  "max_cost_usd",
] as const;

/** The first of the fields that is wrong. */
export function firstWrong(errors: FieldErrors): string | undefined {
  return FIELD_ORDER.find((field) => errors[field]);
}

const lengths: [field: string, name: keyof Draft, longest: number][] = [
  ["product.title", "title", LONGEST_TEXT],
  ["product.description", "description", LONGEST_DESCRIPTION],
  ["product.category", "category", LONGEST_TEXT],
  ["product.brand", "brand", LONGEST_TEXT],
  ["product.language", "language", LONGEST_TEXT],
  ["brief", "brief", LONGEST_BRIEF],
  ["style", "style", LONGEST_TEXT],
];

/** Everything that keeps a job from being asked for. */
export function errorsOf(draft: Draft, photos: readonly Photo[]): FieldErrors {
  const errors: FieldErrors = {};
  if (draft.source === "upload") {
    const wrong = photosError(photos);
    if (wrong) errors.images = wrong;
  } else if (!hasChosen(draft.drive)) {
    errors.drive = "Choose at least one photo, or a folder.";
  }
  for (const [field, name, longest] of lengths) {
    const length = String(draft[name]).trim().length;
    if (length > longest) errors[field] = `It has ${length - longest} characters too many; ${longest} fit.`;
  }
  if (draft.maxCost.trim() && !isAmount(draft.maxCost)) {
    errors.max_cost_usd = "Write an amount in US dollars, such as 0.50.";
  }
  return errors;
}

function photosError(photos: readonly Photo[]): string | undefined {
  if (photos.length === 0) return "Add at least one photo.";
  const failed = photos.filter(({ status }) => status === "failed" || status === "canceled").length;
  if (failed > 0) {
    return failed === 1
      ? "One photo has not been uploaded. Try it again, or remove it."
      : `${failed} photos have not been uploaded. Try them again, or remove them.`;
  }
  const missing = photos.filter(({ status }) => status !== "done").length;
  if (missing === 0) return undefined;
  return missing === 1 ? "One photo is still being uploaded." : `${missing} photos are still being uploaded.`;
}

interface Placed {
  errors: FieldErrors;
  /** What is wrong with uploaded photos, by their place in the request. */
  uploads: [index: number, words: string][];
  /** What is wrong with files or the folder of a Drive, by their ids. */
  files: Record<string, string>;
  /** What has no place on the page. */
  others: string[];
}

/** Puts the API's field errors where they belong. `drive` is what was sent, since indexes mean nothing after a change. */
export function placed(problem: ApiProblem | undefined, drive: GenerateFromDriveRequest["drive"] | undefined): Placed {
  const result: Placed = { errors: {}, uploads: [], files: {}, others: [] };
  for (const { field, message } of problem?.fields ?? []) {
    const words = sentence(message);
    const image = /^images\[(\d+)\]/.exec(field);
    const file = /^drive\.file_ids\[(\d+)\]/.exec(field);
    const id = file ? drive?.file_ids?.[Number(file[1])] : field === "drive.folder_id" ? drive?.folder_id : undefined;
    if (image) result.uploads.push([Number(image[1]), words]);
    if (image) result.errors.images ??= "A photo was refused. Try it again, or remove it.";
    else if (id) {
      result.files[id] = words;
      result.errors.drive ??= drive?.folder_id
        ? "This folder was refused. Choose another one."
        : "A photo was refused. Remove it, or choose another one.";
    } else if (field.startsWith("drive")) result.errors.drive ??= words;
    else if (FIELD_ORDER.some((one) => one === field)) result.errors[field] ??= words;
    else result.others.push(`${field} ${message}`);
  }
  return result;
}

function sentence(message: string): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}${message.endsWith(".") ? "" : "."}`;
}
