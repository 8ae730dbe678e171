import { expect, it } from "vitest";
import { costWords } from "./cost";
import { archiveFileName, imageFileName, slug } from "./file-name";
import { sampleFailure, sampleImage, sampleJob } from "./sample-jobs";
import { secondsInAll, stepsOf } from "./timeline";
import { partialWords } from "./words";

const ready = (count: number) => Array.from({ length: count }, (_, index) => sampleImage(index));

it("says what failed, what is ready and what to do", () => {
  expect(partialWords([...ready(3), sampleFailure(3), ...ready(6)])).toBe(
    "Gemini declined image 4 (safety). The other nine are ready. Edit its prompt and try again.",
  );
  expect(partialWords([sampleFailure(0), sampleFailure(1), sampleFailure(2, "late"), sampleImage(3)])).toBe(
    "Gemini declined images 1 and 2 (safety). Image 3 did not come in time. The other one is ready. Edit their prompts and try again.",
  );
  expect(partialWords([sampleFailure(0, "no_image_returned"), sampleImage(1)])).toBe(
    "Gemini gave no picture for image 1. The other one is ready. Try again; the prompt can stay as it is.",
  );
});

it("says nothing where all are ready or none is", () => {
  expect(partialWords(ready(2))).toBeUndefined();
  expect(partialWords([sampleFailure(0)])).toBeUndefined();
});

it("names files", () => {
  expect(slug("  Émail Cup, 80 ml! ")).toBe("email-cup-80-ml");
  expect(slug("☕")).toBe("product");
  expect(slug("コーヒー カップ")).toBe("コーヒー-カップ");
  const job = sampleJob();
  expect(imageFileName(job, sampleImage(0))).toBe("espresso-cup-01.png");
  expect(imageFileName(job, sampleImage(9, { content_type: "image/jpeg" }))).toBe("espresso-cup-10.jpg");
  expect(archiveFileName({})).toBe("untitled-product.zip");
});

it("tells how long each step took", () => {
  const now = Date.parse("2026-11-24T12:00:00Z");
  const steps = stepsOf(sampleJob(), now);
  expect(steps.map(({ status, seconds }) => [status, seconds])).toEqual([
    ["queued", 4],
    ["strategy", 236],
    ["completed", undefined],
  ]);
  expect(secondsInAll(sampleJob(), now)).toBe(240);
});

it("counts on while a job runs", () => {
  const history = [{ status: "queued" as const, at: "2026-11-24T11:59:30Z" }];
  const [step] = stepsOf(sampleJob([], { status: "queued", history }), Date.parse("2026-11-24T12:00:00Z"));
  expect(step).toMatchObject({ isCurrent: true, seconds: 30 });
});

it("tells what is known of a job without a history", () => {
  const steps = stepsOf(sampleJob(undefined, { history: [] }), Date.now());
  expect(steps.map(({ status }) => status)).toEqual(["queued", "completed"]);
});

it("says why a job cost another sum", () => {
  const cost = (actual_usd: string) => ({ estimated_usd: "0.200000", actual_usd });
  expect(costWords(sampleJob(undefined, { cost: cost("0.200900") }))).toBeUndefined();
  // As the rounded sums differ, which are what is seen.
  const rounded = { estimated_usd: "0.203250", actual_usd: "0.177900" };
  expect(costWords(sampleJob(undefined, { cost: rounded }))).toBe("$0.02 less than estimated.");
  expect(costWords(sampleJob([sampleFailure(0)], { cost: cost("0.180000") }))).toBe(
    "$0.02 less than estimated: images that were not made cost nothing.",
  );
  expect(costWords(sampleJob(undefined, { cost: cost("0.400000"), fallback_at: "2026-11-24T12:00:00Z" }))).toBe(
    "$0.20 more than estimated: the batch was late, and images made one by one cost twice as much.",
  );
});
