/** What can be said about a job without drawing it. */
import type { Image, Job } from "@/api/schema";

export type JobStatus = Job["status"];

const RUNNING: readonly JobStatus[] = ["queued", "strategy", "batch_submitted", "generating"];

/** What a job is called where its product has no title. */
const UNTITLED = "Untitled product";

export function isRunning(job: Pick<Job, "status">): boolean {
  return RUNNING.includes(job.status);
}

/** The name of what a job is about. */
export function jobTitle(job: Pick<Job, "product">): string {
  return job.product?.title?.trim() || UNTITLED;
}

export function isBeingRetried(image: Pick<Image, "retry">): boolean {
  return image.retry?.status === "pending";
}

/** Whether nothing is going to happen to a job by itself any more. */
export function isSettled(job: Job): boolean {
  if (isRunning(job)) return false;
  return !job.images.some(isBeingRetried) && !(job.status === "completed" && job.saved_to_drive?.status === "pending");
}

export function readyCount(job: Pick<Job, "images">): number {
  return job.images.filter((image) => image.status === "ready").length;
}

/** What is to be said about a place on the contact sheet. */
type FrameState = "waiting" | "being_made" | "ready" | "failed" | "not_made";

/** One place on the contact sheet. */
export interface Frame {
  /** From 0. */
  index: number;
  /** As on film: `01`. */
  number: string;
  state: FrameState;
  isBeingRetried: boolean;
  /** Absent until Gemini has planned it. */
  image: Image | undefined;
}

/** A place of which there is something to say. */
export type FrameWithImage = Frame & { image: Image };

export function frameNumber(index: number): string {
  return String(index + 1).padStart(2, "0");
}

function frameState(job: Job, image: Image | undefined): FrameState {
  if (image?.status === "ready") return "ready";
  if (image?.status === "failed") return "failed";
  if (!isRunning(job)) return "not_made";
  return job.status === "generating" ? "being_made" : "waiting";
}

/** As many places as images were asked for, from the first moment. */
export function framesOf(job: Job): Frame[] {
  return Array.from({ length: job.count }, (_, index) => {
    const image = job.images.find((one) => one.index === index);
    return {
      index,
      number: frameNumber(index),
      state: frameState(job, image),
      isBeingRetried: image !== undefined && isBeingRetried(image),
      image,
    };
  });
}

/** `4:5` as `0.8`; square where it cannot be told. */
export function ratioOf(aspectRatio: string | undefined): number {
  const [width, height] = (aspectRatio ?? "").split(":").map(Number);
  return width && height ? width / height : 1;
}

const OFTEN = 2_000;
const SELDOM = 5_000;
/** How long it is looked often, in milliseconds. */
const OFTEN_FOR = 120_000;

/** How long to wait before the next look at a job, in milliseconds; `false` where nothing is going to change. */
export function lookAgainAfter(job: Job | undefined, watchedSince: number, now: number): number | false {
  if (!job || isSettled(job)) return false;
  const asked = job.images.filter(isBeingRetried).map((image) => Date.parse(image.retry?.requested_at ?? ""));
  const since = Math.max(watchedSince, ...asked.filter(Number.isFinite));
  return now - since < OFTEN_FOR ? OFTEN : SELDOM;
}
