/** What somebody has typed and chosen for a new job, kept for the tab's life so that a reload or a way over Google loses nothing. */

import type { GenerateFromDriveRequest, GenerateRequest, Job } from "@/api/schema";
import { type DriveChoice, nothingChosen } from "@/features/drive/choice";
import { forget, keep, kept } from "@/lib/browser-storage";
import { type AspectRatio, type DeadlineHours, IMAGE_SIZES, type ImageSize, type OnLate } from "./terms";

export type Source = "upload" | "drive";

export interface Draft {
  source: Source;
  title: string;
  description: string;
  category: string;
  brand: string;
  language: string;
  brief: string;
  style: string;
  count: number;
  aspectRatio: AspectRatio;
  imageSize: ImageSize;
  /** Hours from the start, or empty for the API's own day. */
  deadline: DeadlineHours | "";
  onLate: OnLate;
  maxCost: string;
  drive: DriveChoice;
}

export const emptyDraft: Draft = {
  source: "upload",
  title: "",
  description: "",
  category: "",
  brand: "",
  language: "",
  brief: "",
  style: "",
  count: 10,
  aspectRatio: "1:1",
  imageSize: "1K",
  deadline: "",
  onLate: "fail",
  maxCost: "",
  drive: nothingChosen,
};

/** The details of an earlier job, for another like it. Its photos are chosen anew, unless they were a folder of Drive. */
export function draftLike(job: Job): Draft {
  const { product, drive } = job;
  return {
    ...emptyDraft,
    source: drive ? "drive" : "upload",
    title: product?.title ?? "",
    description: product?.description ?? "",
    category: product?.category ?? "",
    brand: product?.brand ?? "",
    language: product?.language ?? "",
    brief: job.brief ?? "",
    style: job.style ?? "",
    count: job.count,
    aspectRatio: job.aspect_ratio as AspectRatio,
    imageSize: IMAGE_SIZES.find((size) => size === job.image_size) ?? emptyDraft.imageSize,
    drive: drive ? { ...nothingChosen, folder: { id: drive.folder_id, name: drive.folder_name } } : nothingChosen,
  };
}

/** Drafts from an earlier job are kept apart from the one that was begun from nothing. */
function keyOf(from: string | null): string {
  return from ? `packshot:new-job:${from}` : "packshot:new-job";
}

/** What was kept, if it still has the form that it should have. */
export function keptDraft(from: string | null): Draft | undefined {
  try {
    const draft: unknown = JSON.parse(kept("tab", keyOf(from)) ?? "null");
    return draft && typeof draft === "object" ? { ...emptyDraft, ...draft } : undefined;
  } catch {
    return undefined;
  }
}

export function keepDraft(from: string | null, draft: Draft) {
  keep("tab", keyOf(from), JSON.stringify(draft));
}

export function forgetDraft(from: string | null) {
  forget("tab", keyOf(from));
}

/** The request without its photos: what is empty is left out. */
type Order = Omit<GenerateRequest, "images">;

export function orderOf(draft: Draft, now: number): Order {
  const product = textsOf(draft, ["title", "description", "category", "brand", "language"]);
  return {
    ...(Object.keys(product).length > 0 && { product }),
    ...textsOf(draft, ["brief", "style"]),
    count: draft.count,
    aspect_ratio: draft.aspectRatio,
    image_size: draft.imageSize,
    ...termsOf(draft, now),
  };
}

/** Whether it is an amount of dollars as people write it. */
export function isAmount(text: string): boolean {
  return /^\$?\s*[0-9]+(\.[0-9]{1,6})?$/.test(text.trim());
}

/** What the price hangs on; a mistake elsewhere does not keep it from being told. */
export function pricedOrderOf(draft: Draft): Order {
  const { count, imageSize: image_size, aspectRatio: aspect_ratio } = draft;
  const maxCost = isAmount(draft.maxCost) ? draft.maxCost : "";
  const { deadline: _deadline, ...terms } = termsOf({ ...draft, maxCost }, 0);
  return { count, image_size, aspect_ratio, ...terms };
}

function termsOf({ deadline, onLate, maxCost }: Draft, now: number): Omit<Order, "count"> {
  return {
    ...(deadline && { deadline: new Date(now + Number(deadline) * 3_600_000).toISOString() }),
    ...(onLate !== "fail" && { on_late: onLate }),
    ...(maxCost.trim() && { max_cost_usd: maxCost.trim().replace(/^\$\s*/, "") }),
  };
}

function textsOf<Name extends keyof Draft>(draft: Draft, names: readonly Name[]): Partial<Record<Name, string>> {
  const texts: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const text = String(draft[name]).trim();
    if (text) texts[name] = text;
  }
  return texts;
}

/** The photos of Drive, as the API names them. */
export function drivePhotosOf({ files, folder }: DriveChoice): GenerateFromDriveRequest["drive"] {
  const chosen = folder ? [folder] : files;
  const keys = chosen.flatMap(({ id, resource_key }) => (resource_key ? [[id, resource_key] as const] : []));
  return {
    ...(folder ? { folder_id: folder.id } : { file_ids: files.map(({ id }) => id) }),
    ...(keys.length > 0 && { resource_keys: Object.fromEntries(keys) }),
  };
}
