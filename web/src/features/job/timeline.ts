/** When what became of a job, and how long each of it took. */
import type { Job } from "@/api/schema";
import { isRunning, type JobStatus } from "./job-state";

export interface Step {
  status: JobStatus;
  at: string;
  /** How long it stayed so, in seconds; absent for how it ended. */
  seconds: number | undefined;
  isCurrent: boolean;
}

/** What is known of a job whose row was written before histories were kept. */
function known(job: Job): Job["history"] {
  const begun = { status: "queued" as const, at: job.created_at };
  if (job.finished_at && !isRunning(job)) return [begun, { status: job.status, at: job.finished_at }];
  return [begun];
}

export function stepsOf(job: Job, now: number): Step[] {
  const history = job.history?.length ? job.history : known(job);
  return history.map((entered, place) => {
    const next = history[place + 1];
    const isCurrent = !next && isRunning(job);
    const until = next ? Date.parse(next.at) : now;
    const seconds = next || isCurrent ? Math.max(0, (until - Date.parse(entered.at)) / 1000) : undefined;
    return { ...entered, seconds, isCurrent };
  });
}

/** How long a job has taken in all, in seconds. */
export function secondsInAll(job: Job, now: number): number {
  const end = job.finished_at ? Date.parse(job.finished_at) : now;
  return Math.max(0, (end - Date.parse(job.created_at)) / 1000);
}
