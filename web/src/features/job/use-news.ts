import { useEffect, useRef, useState } from "react";
import type { Job } from "@/api/schema";
import { isBeingRetried } from "./job-state";

/** What has become of retries between two looks at a job, for those who do not see the frames change. */
export function newsOf(before: Job, after: Job): string {
  return after.images
    .flatMap((image) => {
      const earlier = before.images.find(({ id }) => id === image.id);
      const name = `Image ${image.index + 1}`;
      const was = earlier !== undefined && isBeingRetried(earlier);
      const is = isBeingRetried(image);
      if (!was && is) return [`${name} is being made again.`];
      if (was && !is) return [image.retry?.status === "failed" ? `${name}: the new take failed.` : `${name} is new.`];
      return [];
    })
    .join(" ");
}

/** The latest news of a job's retries. */
export function useNews(job: Job): string {
  const last = useRef(job);
  const [news, setNews] = useState("");
  useEffect(() => {
    const latest = newsOf(last.current, job);
    last.current = job;
    if (latest) setNews(latest);
  }, [job]);
  return news;
}
