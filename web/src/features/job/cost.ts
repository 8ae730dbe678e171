import type { Job } from "@/api/schema";
import { usd } from "@/lib/format";

/** What is less than this share of the estimate is not worth a word. */
const WORTH_A_WORD = 0.01;

/** Why a job cost another sum than was expected, where it did. */
export function costWords(job: Job): string | undefined {
  const { estimated_usd: estimated, actual_usd: actual } = job.cost ?? {};
  if (!estimated || !actual) return undefined;
  const more = Number(actual) - Number(estimated);
  if (Math.abs(more) < Number(estimated) * WORTH_A_WORD) return undefined;
  const sum = usd(String(Math.abs(more)));
  if (more < 0) {
    const failed = job.images.filter((image) => image.status === "failed").length;
    return `${sum} less than estimated${failed ? ": images that were not made cost nothing" : ""}.`;
  }
  if (job.fallback_at)
    return `${sum} more than estimated: the batch was late, and images made one by one cost twice as much.`;
  const retried = job.images.some((image) => image.retry);
  return `${sum} more than estimated${retried ? ": images were made again" : ", by Gemini's own count"}.`;
}

/** What one image is expected to cost, for a retry. */
export function costOfOne(job: Job): string | undefined {
  const estimated = Number(job.cost?.estimated_usd);
  return estimated > 0 ? usd(String(estimated / job.count)) : undefined;
}
