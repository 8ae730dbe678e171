import type { Job } from "@/api/schema";
import { usd } from "@/lib/format";
import { costWords } from "./cost";
import { isRunning } from "./job-state";

/** What the job was expected to cost, what it cost, and why that is another sum. */
export function CostPanel({ job }: { job: Job }) {
  const { cost } = job;
  if (!cost) return null;
  const words = costWords(job);
  return (
    <section aria-labelledby="cost" className="panel p-4 sm:p-6">
      <h2 id="cost" className="text-base font-semibold">
        Cost
      </h2>
      <dl className="mt-4 grid grid-cols-[1fr_auto] gap-x-6 gap-y-1 text-sm tabular-nums">
        <dt className="text-muted">Estimated</dt>
        <dd className="text-right">{usd(cost.estimated_usd)}</dd>
        <dt className="text-muted">Actual</dt>
        <dd className="text-right">{actual(job)}</dd>
      </dl>
      {words && <p className="mt-3 text-xs text-muted">{words}</p>}
    </section>
  );
}

/** Gemini counts what it has charged for images only. */
function actual(job: Job): string {
  if (job.cost?.actual_usd) return usd(job.cost.actual_usd);
  return isRunning(job) ? "Known at the end" : "Not known";
}
