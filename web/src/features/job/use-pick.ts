import { useCallback, useState } from "react";

const keyOf = (jobId: string) => `packshot:pick:${jobId}`;

function stored(jobId: string): string | undefined {
  try {
    return localStorage.getItem(keyOf(jobId)) ?? undefined;
  } catch {
    // A browser may refuse to remember anything.
    return undefined;
  }
}

function store(jobId: string, imageId: string | undefined) {
  try {
    if (imageId) localStorage.setItem(keyOf(jobId), imageId);
    else localStorage.removeItem(keyOf(jobId));
  } catch {
    // The mark then lasts as long as the page is open.
  }
}

/** Lets go of the mark of a job that is no more. */
export function forgetPick(jobId: string) {
  store(jobId, undefined);
}

/** The one image of a job that the person has marked, in this browser, and how to mark one; marking it twice unmarks it. */
export function usePick(jobId: string): [pick: string | undefined, toggle: (imageId: string) => void] {
  const [pick, setPick] = useState(() => stored(jobId));
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
