import { useCallback, useState } from "react";
import { forget, keep, kept } from "@/lib/browser-storage";

const keyOf = (jobId: string) => `packshot:pick:${jobId}`;

function store(jobId: string, imageId: string | undefined) {
  if (imageId) keep("device", keyOf(jobId), imageId);
  else forget("device", keyOf(jobId));
}

/** Lets go of the mark of a job that is no more. */
export function forgetPick(jobId: string) {
  store(jobId, undefined);
}

/** The one image of a job that the person has marked, in this browser, and how to mark one; marking it twice unmarks it. */
export function usePick(jobId: string): [pick: string | undefined, toggle: (imageId: string) => void] {
  const [pick, setPick] = useState(() => kept("device", keyOf(jobId)));
  const toggle = useCallback(
    (imageId: string) => {
      const next = pick === imageId ? undefined : imageId;
      store(jobId, next);
      setPick(next);
    },
    [jobId, pick],
  );
  return [pick, toggle];
}
