import { describe, expect, it } from "vitest";
import { framesOf, isSettled, jobTitle, lookAgainAfter, ratioOf } from "./job-state";
import { sampleFailure, sampleImage, sampleJob } from "./sample-jobs";
import { newsOf } from "./use-news";

const pendingRetry = { attempt: 1, status: "pending" as const, requested_at: "2026-11-24T12:00:00Z" };

describe("frames", () => {
  it("are there from the first moment", () => {
    const frames = framesOf(sampleJob([], { status: "queued", count: 10 }));
    expect(frames.map(({ number }) => number)).toEqual(["01", "02", "03", "04", "05", "06", "07", "08", "09", "10"]);
    expect(new Set(frames.map(({ state }) => state))).toEqual(new Set(["waiting"]));
  });

  it("tell how each image is", () => {
    const images = [sampleImage(0), sampleFailure(1), sampleImage(2, { status: "pending" })];
    const states = (status: "generating" | "canceled") =>
      framesOf(sampleJob(images, { status, count: 4 })).map(({ state }) => state);
    expect(states("generating")).toEqual(["ready", "failed", "being_made", "being_made"]);
    expect(states("canceled")).toEqual(["ready", "failed", "not_made", "not_made"]);
  });
});

describe("looking again", () => {
  const start = Date.parse("2026-11-24T12:00:00Z");
  const running = sampleJob([], { status: "generating" });

  it("is done often at first, then less", () => {
    expect(lookAgainAfter(running, start, start + 1_000)).toBe(2_000);
    expect(lookAgainAfter(running, start, start + 119_000)).toBe(2_000);
    expect(lookAgainAfter(running, start, start + 121_000)).toBe(5_000);
  });

  it("ends when nothing is going to change", () => {
    expect(lookAgainAfter(sampleJob(), start, start)).toBe(false);
    expect(lookAgainAfter(undefined, start, start)).toBe(false);
  });

  it("is done for a retry, often since that was asked for", () => {
    const job = sampleJob([sampleImage(0, { retry: pendingRetry })]);
    expect(isSettled(job)).toBe(false);
    expect(lookAgainAfter(job, start - 3_600_000, start + 1_000)).toBe(2_000);
  });

  it("is done until the images are in Drive", () => {
    expect(isSettled(sampleJob(undefined, { saved_to_drive: { status: "pending" } }))).toBe(false);
    expect(isSettled(sampleJob(undefined, { saved_to_drive: { status: "saved" } }))).toBe(true);
  });
});

it("has news of retries", () => {
  const before = sampleJob([
    sampleImage(0),
    sampleImage(1, { retry: pendingRetry }),
    sampleImage(2, { retry: pendingRetry }),
  ]);
  const after = sampleJob([
    sampleImage(0, { retry: pendingRetry }),
    sampleImage(1, { retry: { ...pendingRetry, status: "ready" } }),
    sampleImage(2, { retry: { ...pendingRetry, status: "failed" } }),
  ]);
  expect(newsOf(before, after)).toBe("Image 1 is being made again. Image 2 is new. Image 3: the new take failed.");
  expect(newsOf(after, after)).toBe("");
});

it("names what has no title", () => {
  expect(jobTitle({})).toBe("Untitled product");
  expect(jobTitle({ product: { title: " Cup " } })).toBe("Cup");
});

it("reads ratios", () => {
  expect(ratioOf("4:5")).toBe(0.8);
  expect(ratioOf(undefined)).toBe(1);
  expect(ratioOf("wide")).toBe(1);
});
