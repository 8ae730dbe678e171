/** Lists of jobs. */
import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import type { Job, JobList } from "@/api/schema";
import { isSettled } from "@/features/job/job-state";
import { type JobFilter, statusesOf } from "./filter";

export const jobsKeys = {
  all: ["jobs"] as const,
  lists: ["jobs", "list"] as const,
  list: (filter: JobFilter) => [...jobsKeys.lists, filter] as const,
};

const PAGE = 20;

/** How often it is looked again, in milliseconds: while a job runs, for each page that is shown; and otherwise. */
const WHILE_RUNNING = 4_000;
const PER_PAGE = 2_000;
const AT_REST = 30_000;

/** Lists are kept for whoever comes back to them, with their scroll position. */
const KEPT_FOR = 30 * 60_000;

/** Every page is asked for again at each look, so long lists are looked at less often. */
export function listAgainAfter(jobs: readonly Job[], pages: number): number {
  if (jobs.every(isSettled)) return AT_REST;
  return Math.min(AT_REST, Math.max(WHILE_RUNNING, pages * PER_PAGE));
}

function after(page: JobList): string | undefined {
  return page.has_more ? (page.next_starting_after ?? page.data.at(-1)?.id) : undefined;
}

const listQuery = (filter: JobFilter) =>
  infiniteQueryOptions({
    queryKey: jobsKeys.list(filter),
    queryFn: ({ pageParam, signal }) => {
      const status = statusesOf(filter.status);
      const query = {
        limit: PAGE,
        ...(filter.q && { q: filter.q }),
        ...(status && { status }),
        ...(pageParam && { starting_after: pageParam }),
      };
      return unwrap(api.GET("/api/jobs", { params: { query }, signal }));
    },
    initialPageParam: "",
    getNextPageParam: after,
    gcTime: KEPT_FOR,
    refetchOnWindowFocus: "always",
    refetchInterval: ({ state }) => {
      const pages = state.data?.pages ?? [];
      const jobs = pages.flatMap((page) => page.data);
      return listAgainAfter(jobs, pages.length);
    },
  });

/** The jobs of a filter, newest first, page by page, kept up to date. */
export function useJobs(filter: JobFilter) {
  return useInfiniteQuery({
    ...listQuery(filter),
    placeholderData: keepPreviousData,
  });
}
