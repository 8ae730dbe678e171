import type { Job } from "@/api/schema";
import { usd } from "@/lib/format";

/** Less than a cent is shown with more digits, so it counts to more. */
function asShown(decimals: readonly string[]): number[] {
  const digits = decimals.some((decimal) => Number(decimal) < 0.01) ? 4 : 2;
  return decimals.map((decimal) => Number(Number(decimal).toFixed(digits)));
}

/** Why a job cost another sum than was expected, where it did as far as is shown. */
export function costWords(job: Job): string | undefined {
  const { estimated_usd: estimated, actual_usd: actual } = job.cost ?? {};
  if (!estimated || !actual) return undefined;
  const [expected = 0, charged = 0] = asShown([estimated, actual]);
  const more = Number((charged - expected).toFixed(4));
  if (more === 0) return undefined;
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
