/** Jobs for tests. */
import type { Image, Job } from "@/api/schema";

export function sampleImage(index: number, wish: Partial<Image> = {}): Image {
  const file = `https://packshot.example.com/images/5d1c/0${index + 1}`;
  return {
    id: `img_${index}`,
    index,
    status: "ready",
    title: `Shot ${index + 1}`,
    kind: "studio",
    prompt: `Prompt ${index + 1}`,
    alt: `A cup, ${index + 1}`,
    aspect_ratio: "1:1",
    ...(wish.status === undefined || wish.status === "ready"
      ? {
          url: `${file}.png`,
          thumbnail_url: `${file}-thumbnail.webp`,
          width: 1024,
          height: 1024,
          bytes: 1_482_113,
          content_type: "image/png",
        }
      : {}),
    ...wish,
  };
}

export function sampleFailure(index: number, reason: NonNullable<Image["reason"]> = "blocked_by_safety"): Image {
  return sampleImage(index, { status: "failed", reason, message: "Gemini declined it (safety)." });
}

/** A completed job with as many images as are given. */
export function sampleJob(
  images: Image[] = [sampleImage(0), sampleImage(1), sampleImage(2)],
  wish: Partial<Job> = {},
): Job {
  return {
    id: "job_1",
    object: "job",
    status: "completed",
    stage: "All images are ready",
    progress: 100,
    created_at: "2026-11-24T11:52:00Z",
    finished_at: "2026-11-24T11:56:00Z",
    count: images.length,
    images,
    cost: { estimated_usd: "0.060000", actual_usd: "0.060000" },
    links: {
      self: "https://packshot.example.com/api/v1/jobs/job_1",
      archive: "https://packshot.example.com/images/5d1c/images.zip",
    },
    product: { title: "Espresso cup" },
    aspect_ratio: "1:1",
    image_size: "1K",
    photos: [{ index: 0, source: "upload", available: true }],
    history: [
      { status: "queued", at: "2026-11-24T11:52:00Z" },
      { status: "strategy", at: "2026-11-24T11:52:04Z" },
      { status: "completed", at: "2026-11-24T11:56:00Z" },
    ],
    ...wish,
  };
}
