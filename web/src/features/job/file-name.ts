import type { Image, Job } from "@/api/schema";
import { frameNumber, jobTitle } from "./job-state";

const LONGEST = 60;

/** A title as a part of a file's name: `Espresso Cup, 80 ml` is `espresso-cup-80-ml`. Only Latin letters lose their accents. */
export function slug(title: string): string {
  const plain = title
    .normalize("NFKD")
    .replace(/(\p{Script=Latin})\p{Mark}+/gu, "$1")
    .normalize("NFC")
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Mark}\p{Number}]+/gu, "-");
  return (
    [...plain]
      .slice(0, LONGEST)
      .join("")
      .replace(/^-+|-+$/g, "") || "product"
  );
}

const extensions: Record<string, string> = { "image/png": "png", "image/jpeg": "jpg", "image/webp": "webp" };

/** What an image is called once it is on somebody's disk. */
export function imageFileName(job: Job, image: Image): string {
  const extension = extensions[image.content_type ?? ""] ?? image.url?.split(".").at(-1) ?? "png";
  return `${slug(jobTitle(job))}-${frameNumber(image.index)}.${extension}`;
}

export function archiveFileName(job: Pick<Job, "product">): string {
  return `${slug(jobTitle(job))}.zip`;
}
