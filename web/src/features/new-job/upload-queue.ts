/** The photos of a job that is being prepared, and how far each is on its way. Pure: what moves them is the uploader. */

import type { PhotoType } from "./photo-check";

/** `held`: nobody is signed in any more, and it goes on when somebody is. */
export type PhotoStatus = "waiting" | "sending" | "held" | "done" | "failed" | "canceled";

export interface Photo {
  id: string;
  name: string;
  /** In bytes. */
  size: number;
  type: PhotoType;
  /** Its bytes. A photo that was uploaded before the page was loaded anew has none any more. */
  file?: File;
  /** An object URL, revoked when the photo goes; or a small picture; or nothing. */
  preview: string;
  /** A small picture as a data URL, to be kept. */
  thumbnail?: string;
  status: PhotoStatus;
  /** How many bytes have gone. */
  sent: number;
  /** Why it failed. */
  reason?: string;
  /** Its SHA-256 in hexadecimal, once it is known. */
  sha256?: string;
  /** What the API names it by, once it is there. */
  uploadId?: string;
}

export type QueueAction =
  | { type: "added"; photo: Photo }
  | { type: "started" | "held" | "canceled" | "again" | "removed"; id: string }
  | { type: "hashed"; id: string; sha256: string }
  | { type: "pictured"; id: string; thumbnail: string }
  | { type: "progressed"; id: string; sent: number }
  | { type: "finished"; id: string; uploadId: string }
  | { type: "failed"; id: string; reason: string }
  | { type: "moved"; id: string; to: number };

/** How many photos are sent at a time. */
const AT_A_TIME = 2;

function changed(photos: readonly Photo[], id: string, change: (photo: Photo) => Photo): readonly Photo[] {
  return photos.map((photo) => (photo.id === id ? change(photo) : photo));
}

/** A photo without what a new try makes anew. */
function afresh(photo: Photo): Photo {
  const { reason: _reason, uploadId: _uploadId, ...rest } = photo;
  return { ...rest, status: "waiting", sent: 0 };
}

export function queueReducer(photos: readonly Photo[], action: QueueAction): readonly Photo[] {
  switch (action.type) {
    case "added":
      return [...photos, action.photo];
    case "started":
      return changed(photos, action.id, (photo) => ({ ...photo, status: "sending", sent: 0 }));
    case "hashed":
      return changed(photos, action.id, (photo) => ({ ...photo, sha256: action.sha256 }));
    case "pictured":
      return changed(photos, action.id, (photo) => ({ ...photo, thumbnail: action.thumbnail }));
    case "progressed":
      return changed(photos, action.id, (photo) => ({ ...photo, sent: Math.min(action.sent, photo.size) }));
    case "held":
      return changed(photos, action.id, (photo) => ({ ...photo, status: "held", sent: 0 }));
    case "canceled":
      return changed(photos, action.id, (photo) => ({ ...photo, status: "canceled", sent: 0 }));
    case "again":
      return changed(photos, action.id, afresh);
    case "finished":
      return changed(photos, action.id, (photo) => {
        return { ...photo, status: "done", sent: photo.size, uploadId: action.uploadId };
      });
    case "failed":
      return changed(photos, action.id, (photo) => ({ ...photo, status: "failed", sent: 0, reason: action.reason }));
    case "removed":
      return photos.filter((photo) => photo.id !== action.id);
    case "moved": {
      const photo = photos.find((one) => one.id === action.id);
      if (!photo) return photos;
      const others = photos.filter((one) => one !== photo);
      return others.toSpliced(Math.max(0, action.to), 0, photo);
    }
  }
}

/** The photo to send next, if there is room for one more on the way. */
export function nextToSend(photos: readonly Photo[]): Photo | undefined {
  const onTheWay = photos.filter((photo) => photo.status === "sending").length;
  return onTheWay < AT_A_TIME ? photos.find((photo) => photo.status === "waiting") : undefined;
}

/** A photo that was chosen before: the same file, or one with the same bytes. */
export function sameAs(photos: readonly Photo[], file: File): Photo | undefined {
  return photos.find(
    ({ file: other }) =>
      other?.name === file.name && other.size === file.size && other.lastModified === file.lastModified,
  );
}

/** Whether photos would be lost if the page went now. */
export function isUnfinished(photos: readonly Photo[]): boolean {
  return photos.some(({ status }) => status === "waiting" || status === "sending" || status === "held");
}
