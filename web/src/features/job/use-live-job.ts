import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { lookAgainAfter } from "./job-state";
import { jobQuery } from "./queries";

/** A job, looked at again while something is going to change, and not while the page is hidden. */
export function useLiveJob(id: string) {
  const [watchedSince] = useState(() => Date.now());
  return useQuery({
    ...jobQuery(id),
    refetchInterval: ({ state }) => lookAgainAfter(state.data, watchedSince, Date.now()),
  });
}
