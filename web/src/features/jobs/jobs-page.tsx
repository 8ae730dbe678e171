import { useEffect } from "react";
import { useSearchParams } from "react-router";
import { asProblem } from "@/api/problem";
import { PageHeading } from "@/app/page-heading";
import { ProblemNotice } from "@/components/ui/problem-notice";
import { filterOf, isFiltered, withFilter } from "./filter";
import { FilterBar } from "./filter-bar";
import { JobList } from "./job-list";
import { JobListSkeleton } from "./job-list-skeleton";
import { NoJobs, NothingFound } from "./no-jobs";
import { useJobs } from "./queries";

/** All jobs, newest first. */
export function JobsPage() {
  const [query, setQuery] = useSearchParams();
  const filter = filterOf(query);
  const jobs = useJobs(filter);
  const shown = jobs.data?.pages.flatMap((page) => page.data) ?? [];
  const problem = jobs.error ? asProblem(jobs.error) : undefined;
  // A page of a search may have nothing while older jobs have not been looked through.
  const isLookingFurther = shown.length === 0 && jobs.hasNextPage;
  const { isFetching, fetchNextPage } = jobs;
  useEffect(() => {
    if (isLookingFurther && !isFetching && !problem) void fetchNextPage();
  }, [isLookingFurther, isFetching, fetchNextPage, problem]);

  const change = (next: Parameters<typeof withFilter>[1]) =>
    setQuery((before) => withFilter(before, next), { replace: true, preventScrollReset: true });
  const isEmpty = jobs.isSuccess && !jobs.isPlaceholderData && shown.length === 0 && !jobs.hasNextPage;
  const hasNone = isEmpty && !isFiltered(filter);
  return (
    <>
      <PageHeading documentTitle="Jobs">Jobs</PageHeading>
      {!hasNone && <FilterBar filter={filter} onChange={change} />}
      <p role="status" className="sr-only">
        {isFiltered(filter) && jobs.isSuccess && !jobs.isPlaceholderData && !isLookingFurther
          ? `${shown.length}${jobs.hasNextPage ? " or more" : ""} found`
          : ""}
      </p>
      {problem && !problem.isSignedOut && (
        <ProblemNotice problem={problem} onRetry={() => jobs.refetch()} className="mt-6" />
      )}
      {!problem && (jobs.isPending || isLookingFurther) && <JobListSkeleton />}
      {hasNone && <NoJobs />}
      {isEmpty && !hasNone && <NothingFound filter={filter} onClear={() => change({ q: "", status: "all" })} />}
      {shown.length > 0 && (
        <JobList
          jobs={shown}
          isStale={jobs.isPlaceholderData}
          hasMore={jobs.hasNextPage}
          isLoadingMore={jobs.isFetchingNextPage}
          hasFailed={jobs.isFetchNextPageError}
          onMore={() => void fetchNextPage()}
        />
      )}
    </>
  );
}
