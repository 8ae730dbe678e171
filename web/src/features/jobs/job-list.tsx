import { useEffect, useEffectEvent, useRef } from "react";
import type { Job } from "@/api/schema";
import { Button } from "@/components/ui/button";
import { classNames } from "@/lib/class-names";
import { JobRow } from "./job-row";

interface JobListProps {
  jobs: readonly Job[];
  /** Whether these are of another filter, until those of this one are there. */
  isStale: boolean;
  hasMore: boolean;
  isLoadingMore: boolean;
  /** Whether older ones were asked for in vain. */
  hasFailed: boolean;
  onMore: () => void;
}

export function JobList({ jobs, isStale, hasMore, isLoadingMore, hasFailed, onMore }: JobListProps) {
  return (
    <>
      <ul
        aria-label="Jobs"
        aria-busy={isStale}
        className={classNames("mt-6 grid gap-3 transition-opacity", isStale && "opacity-50")}
      >
        {jobs.map((job) => (
          <JobRow key={job.id} job={job} />
        ))}
      </ul>
      {hasMore && !isStale && <More {...{ isLoadingMore, hasFailed, onMore }} length={jobs.length} />}
    </>
  );
}

interface MoreProps extends Pick<JobListProps, "isLoadingMore" | "hasFailed" | "onMore"> {
  length: number;
}

/** Asks for older jobs when it comes near the window, or is pressed. */
function More({ isLoadingMore, hasFailed, onMore, length }: MoreProps) {
  const end = useRef<HTMLDivElement>(null);
  const more = useEffectEvent(() => {
    // Whoever has no connection is not asked about it again and again.
    if (!isLoadingMore && !hasFailed) onMore();
  });
  // It is looked for anew at each length: the end may still be near the window when a page has come.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    if (!end.current || !("IntersectionObserver" in window)) return;
    const observer = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && more(), {
      rootMargin: "400px",
    });
    observer.observe(end.current);
    return () => observer.disconnect();
  }, [length]);
  return (
    <div ref={end} className="mt-6 flex justify-center">
      <Button kind="secondary" isBusy={isLoadingMore} onClick={onMore}>
        {hasFailed ? "Try again" : "Show more"}
      </Button>
    </div>
  );
}
