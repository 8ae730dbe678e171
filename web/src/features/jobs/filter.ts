/** Which jobs are shown, as the page's address says it. */
import type { JobStatus } from "@/features/job/job-state";

export type StatusFilter = "all" | "running" | "ready" | "failed" | "canceled";

export interface JobFilter {
  q: string;
  status: StatusFilter;
}

export const statusFilters: readonly { value: StatusFilter; name: string }[] = [
  { value: "all", name: "All" },
  { value: "running", name: "Running" },
  { value: "ready", name: "Ready" },
  { value: "failed", name: "Failed" },
  { value: "canceled", name: "Canceled" },
];

const statuses: Record<StatusFilter, readonly JobStatus[]> = {
  all: [],
  running: ["queued", "strategy", "batch_submitted", "generating"],
  ready: ["completed"],
  failed: ["failed"],
  canceled: ["canceled"],
};

/** The statuses of a filter as the API takes them; `undefined` for all. */
export function statusesOf(status: StatusFilter): string | undefined {
  return statuses[status].join(",") || undefined;
}

/** What the API takes at most, in characters. */
export const LONGEST_SEARCH = 200;

export function filterOf(query: URLSearchParams): JobFilter {
  const status = statusFilters.find(({ value }) => value === query.get("status"));
  return { q: (query.get("q") ?? "").trim().slice(0, LONGEST_SEARCH), status: status?.value ?? "all" };
}

/** The address's query with another filter in it; what is usual is left out. */
export function withFilter(query: URLSearchParams, change: Partial<JobFilter>): URLSearchParams {
  const filter = { ...filterOf(query), ...change };
  const next = new URLSearchParams(query);
  if (filter.q) next.set("q", filter.q);
  else next.delete("q");
  if (filter.status === "all") next.delete("status");
  else next.set("status", filter.status);
  return next;
}

export function isFiltered(filter: JobFilter): boolean {
  return filter.q !== "" || filter.status !== "all";
}
