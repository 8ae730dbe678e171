import type { Job } from "@/api/schema";
import { classNames } from "@/lib/class-names";
import { duration, exactTime } from "@/lib/format";
import { isRunning, type JobStatus } from "./job-state";
import { type Step, secondsInAll, stepsOf } from "./timeline";
import { useNow } from "./use-now";

const words: Record<JobStatus, string> = {
  queued: "Accepted",
  strategy: "Planning the shots",
  batch_submitted: "Sent to Gemini",
  generating: "Making the images",
  completed: "Completed",
  failed: "Failed",
  canceled: "Canceled",
};

/** What became of the job when, and how long it took. */
export function TimelinePanel({ job }: { job: Job }) {
  const now = useNow(isRunning(job));
  return (
    <section aria-labelledby="timeline" className="panel p-4 sm:p-6">
      <h2 id="timeline" className="text-base font-semibold">
        Timeline
      </h2>
      <ol className="mt-4 text-sm">
        {stepsOf(job, now).map((step) => (
          <Entry key={step.status} step={step} />
        ))}
      </ol>
      <p className="border-t border-hairline pt-3 text-sm text-muted tabular-nums">
        {job.finished_at ? "In all" : "So far"} {duration(secondsInAll(job, now))}
      </p>
    </section>
  );
}

function dot({ status, isCurrent }: Step): string {
  if (isCurrent) return "border-amber bg-amber";
  if (status === "completed") return "border-green bg-green";
  if (status === "failed") return "border-red bg-red";
  return "border-edge bg-surface";
}

function Entry({ step }: { step: Step }) {
  return (
    <li className="group relative pb-4 pl-6">
      <span
        aria-hidden="true"
        className="absolute top-2 bottom-0 left-[4.5px] w-px translate-y-1 bg-hairline group-last:hidden"
      />
      <span
        aria-hidden="true"
        className={classNames("absolute top-1.5 left-0 size-2.5 rounded-full border", dot(step))}
      />
      <p className="flex flex-wrap justify-between gap-x-3">
        <span className={classNames(step.isCurrent && "font-semibold")}>{words[step.status]}</span>
        {step.seconds !== undefined && (
          <span className="text-muted tabular-nums">
            {duration(step.seconds)}
            {step.isCurrent && " so far"}
          </span>
        )}
      </p>
      <time dateTime={step.at} className="block text-xs text-muted tabular-nums">
        {exactTime(step.at)}
      </time>
    </li>
  );
}
