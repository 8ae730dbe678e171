/** Uploaded photos, kept for the tab's life beside what was typed: a reload does not send them again. */

import { forget, keep, kept } from "@/lib/browser-storage";
import { PHOTO_TYPES } from "./photo-check";
import type { Photo } from "./upload-queue";

/** The longer side of what is shown of a photo that is no longer at hand, in pixels. */
const SIDE = 128;

/** Bytes and pictures stay out of it, but for one small picture each. */
type KeptPhoto = Pick<Photo, "id" | "name" | "size" | "type" | "sha256" | "uploadId" | "thumbnail">;

function keyOf(from: string | null): string {
  return from ? `packshot:new-job-photos:${from}` : "packshot:new-job-photos";
}

export function keepPhotos(from: string | null, photos: readonly Photo[]) {
  const done: KeptPhoto[] = photos
    .filter(({ status }) => status === "done")
    .map(({ id, name, size, type, sha256, uploadId, thumbnail }) => {
      return {
        id,
        name,
        size,
        type,
        ...(sha256 && { sha256 }),
        ...(uploadId && { uploadId }),
        ...(thumbnail && { thumbnail }),
      };
    });
  if (done.length === 0) return forgetPhotos(from);
  keep("tab", keyOf(from), JSON.stringify(done));
}

/** What was kept, if it still has the form that it should have. Whether the photos are still there, their price tells. */
export function keptPhotos(from: string | null): Photo[] {
  try {
    const photos: unknown = JSON.parse(kept("tab", keyOf(from)) ?? "[]");
    return Array.isArray(photos) ? photos.filter(isKept).map(restored) : [];
  } catch {
    return [];
  }
}

export function forgetPhotos(from: string | null) {
  forget("tab", keyOf(from));
}

function isKept(value: unknown): value is KeptPhoto & { uploadId: string } {
  const photo = value as Partial<KeptPhoto> | null;
  return (
    typeof photo?.id === "string" &&
    typeof photo.name === "string" &&
    typeof photo.size === "number" &&
    typeof photo.uploadId === "string" &&
    PHOTO_TYPES.some((type) => type === photo.type)
  );
}

function restored(photo: KeptPhoto): Photo {
  return { ...photo, status: "done", sent: photo.size, preview: photo.thumbnail ?? "" };
}

/** A small picture of a photo, or nothing where the browser cannot draw it. */
export async function thumbnailOf(file: File): Promise<string | undefined> {
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    return canvas.toDataURL("image/webp", 0.8);
  } catch {
    return undefined;
  }
}
