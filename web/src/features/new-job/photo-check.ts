/** What can be a photo of a job, told before it is sent: by the type that the browser names and by its first bytes. */

import { bytes } from "@/lib/format";

/** The largest photo that the API takes. */
export const LARGEST_PHOTO = 50 * 1024 * 1024;

/** How many photos a job has at most. */
export const MOST_PHOTOS = 8;

export const PHOTO_TYPES = ["image/jpeg", "image/png", "image/webp"] as const;
export type PhotoType = (typeof PHOTO_TYPES)[number];

/** How many bytes tell one format from another. */
const SIGNATURE_LENGTH = 16;

export type PhotoCheck = { type: PhotoType } | { refusal: string };

function ascii(head: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...head.subarray(from, to));
}

/** The format that the bytes begin like, if it is one of those that people have photos in. */
export function formatOf(head: Uint8Array): PhotoType | "HEIC" | "AVIF" | "GIF" | "PDF" | undefined {
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return "image/jpeg";
  if (head[0] === 0x89 && ascii(head, 1, 8) === "PNG\r\n\x1a\n") return "image/png";
  if (ascii(head, 0, 4) === "RIFF" && ascii(head, 8, 12) === "WEBP") return "image/webp";
  if (ascii(head, 0, 3) === "GIF") return "GIF";
  if (ascii(head, 0, 4) === "%PDF") return "PDF";
  if (ascii(head, 4, 8) !== "ftyp") return undefined;
  return ascii(head, 8, 11) === "avi" ? "AVIF" : "HEIC";
}

function isPhotoType(type: string | undefined): type is PhotoType {
  return PHOTO_TYPES.some((one) => one === type);
}

/** Names the type of a file that cannot be a photo, so that people know what to change. */
function typeInWords(file: File): string {
  const ending = /\.([a-z0-9]{2,5})$/i.exec(file.name)?.[1];
  if (/hei[cf]/i.test(file.type) || /^hei[cf]$/i.test(ending ?? "")) return "a HEIC photo";
  return ending ? `a ${ending.toUpperCase()} file` : "no photo";
}

/** Looks at a file before anything is sent. A JPEG that is called `.png` is a JPEG: the bytes count. */
export async function checkPhoto(file: File): Promise<PhotoCheck> {
  const name = `“${file.name}”`;
  if (file.size === 0) return { refusal: `${name} is empty. Choose it again once it has been saved or downloaded.` };
  if (file.type && !isPhotoType(file.type)) {
    return { refusal: `${name} is ${typeInWords(file)}. Save it as JPEG, PNG or WebP and add that.` };
  }
  if (file.size > LARGEST_PHOTO) {
    return { refusal: `${name} has ${bytes(file.size)}. A photo may have up to 50 MB; export it smaller.` };
  }
  let head: Uint8Array;
  try {
    head = new Uint8Array(await file.slice(0, SIGNATURE_LENGTH).arrayBuffer());
  } catch {
    return { refusal: `${name} cannot be read. It may have been moved; choose it again.` };
  }
  const format = formatOf(head);
  if (isPhotoType(format)) return { type: format };
  const what = format ? `in truth a ${format}` : "no picture, whatever its name says";
  return { refusal: `${name} is ${what}. Save it as JPEG, PNG or WebP and add that.` };
}
