/** One job, and what can be done with it. */
import { type InfiniteData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import type { Job, JobList } from "@/api/schema";
import { jobsKeys } from "@/features/jobs/queries";

const jobKeys = {
  all: ["job"] as const,
  one: (id: string) => [...jobKeys.all, id] as const,
};

export const jobQuery = (id: string) =>
  queryOptions({
    queryKey: jobKeys.one(id),
    queryFn: ({ signal }) => unwrap(api.GET("/api/jobs/{job_id}", { params: { path: { job_id: id } }, signal })),
    refetchOnWindowFocus: "always",
  });

/** Puts a job that the API has just told of in its place, and lets the lists look again. */
function useTake() {
  const queries = useQueryClient();
  return async (job: Job) => {
    // A look that is under way would put back what was before.
    await queries.cancelQueries({ queryKey: jobKeys.one(job.id) });
    queries.setQueryData(jobKeys.one(job.id), job);
    void queries.invalidateQueries({ queryKey: jobsKeys.all });
  };
}

export function useCancelJob(id: string) {
  const take = useTake();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.POST("/api/jobs/{job_id}/cancel", { params: { path: { job_id: id } } })),
    onSuccess: take,
    // It may have ended in the meantime.
    onError: () => queries.invalidateQueries({ queryKey: jobKeys.one(id) }),
  });
}

export function useDeleteJob(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.DELETE("/api/jobs/{job_id}", { params: { path: { job_id: id } } })),
    onSuccess: () => {
      // Lists that are kept would show it until they have been looked at again.
      queries.setQueriesData<InfiniteData<JobList>>({ queryKey: jobsKeys.lists }, (list) => list && without(list, id));
      void queries.invalidateQueries({ queryKey: jobsKeys.all });
    },
  });
}

function without(list: InfiniteData<JobList>, id: string): InfiniteData<JobList> {
  const pages = list.pages.map((page) => ({ ...page, data: page.data.filter((job) => job.id !== id) }));
  return { ...list, pages };
}

export interface RetryWish {
  imageId: string;
  /** Left out where the image keeps its prompt. */
  prompt: string | undefined;
  idempotencyKey: string;
}

export function useRetryImage(jobId: string) {
  const take = useTake();
  return useMutation({
    mutationFn: ({ imageId, prompt, idempotencyKey }: RetryWish) =>
      unwrap(
        api.POST("/api/jobs/{job_id}/images/{image_id}/retry", {
          params: { path: { job_id: jobId, image_id: imageId }, header: { "Idempotency-Key": idempotencyKey } },
          body: prompt === undefined ? {} : { prompt },
        }),
      ),
    onSuccess: take,
  });
}
