import { keepPreviousData, queryOptions, useMutation } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import type { Estimate, GenerateFromDriveRequest, GenerateRequest, Job } from "@/api/schema";
import { meQuery } from "@/features/session/queries";

/** What is sent, and through which door. */
export type Wanted = { source: "upload"; body: GenerateRequest } | { source: "drive"; body: GenerateFromDriveRequest };

const newJobKeys = {
  estimate: (wanted: Wanted | undefined) => ["new-job", "estimate", wanted] as const,
  from: (id: string) => ["new-job", "from", id] as const,
};

/** What a job would cost. Nothing is started. */
export function estimateQuery(wanted: Wanted | undefined) {
  return queryOptions({
    queryKey: newJobKeys.estimate(wanted),
    queryFn: ({ signal }) => priced(wanted, signal),
    enabled: wanted !== undefined,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}

async function priced(wanted: Wanted | undefined, signal: AbortSignal): Promise<Estimate> {
  if (!wanted) throw new Error("a price is asked for nothing");
  const { source, body } = wanted;
  // The same address starts a job and prices it, so the description has either answer.
  const params = { query: { dry_run: true } };
  if (source === "drive") {
    return (await unwrap(api.POST("/api/generate/drive", { params, body, signal }))) as Estimate;
  }
  return (await unwrap(api.POST("/api/generate/upload", { params, body, signal }))) as Estimate;
}

/** The job whose details are taken over. */
export function jobLikeQuery(id: string) {
  return queryOptions({
    queryKey: newJobKeys.from(id),
    queryFn: ({ signal }) => unwrap(api.GET("/api/jobs/{job_id}", { params: { path: { job_id: id } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

interface Start {
  wanted: Wanted;
  /** The wish's name. */
  key: string;
}

export function useStartJob() {
  return useMutation({
    mutationFn: async ({ wanted, key }: Start): Promise<Job> => {
      const params = { header: { "Idempotency-Key": key } };
      const { source, body } = wanted;
      if (source === "drive") return (await unwrap(api.POST("/api/generate/drive", { params, body }))) as Job;
      return (await unwrap(api.POST("/api/generate/upload", { params, body }))) as Job;
    },
    onSettled: (_job, _error, _start, _result, { client }) => client.invalidateQueries({ queryKey: meQuery.queryKey }),
  });
}
