import type { Job } from "@/api/schema";

/** Where one of a job's photos is. The API leads on to it while it is kept. */
export function photoPath(job: Pick<Job, "id">, index: number): string {
  return `/api/jobs/${encodeURIComponent(job.id)}/photos/${index}`;
}
