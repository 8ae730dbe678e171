import { useParams } from "react-router";
import { asProblem } from "@/api/problem";
import { PageHeading } from "@/app/page-heading";
import { ProblemNotice } from "@/components/ui/problem-notice";
import { JobNotFound } from "./job-not-found";
import { JobSkeleton } from "./job-skeleton";
import { JobView } from "./job-view";
import { useLiveJob } from "./use-live-job";

/** One job, from its first moment to its last. */
export function JobPage() {
  const { jobId = "" } = useParams();
  return <OneJob key={jobId} id={jobId} />;
}

function OneJob({ id }: { id: string }) {
  const job = useLiveJob(id);
  const problem = job.error ? asProblem(job.error) : undefined;
  if (problem?.status === 404) return <JobNotFound />;
  if (job.data) {
    return (
      <JobView job={job.data}>
        {problem && !problem.isSignedOut && (
          <ProblemNotice problem={problem} onRetry={() => job.refetch()} className="mt-6" />
        )}
      </JobView>
    );
  }
  if (!problem) return <JobSkeleton />;
  return (
    <>
      <PageHeading documentTitle="Job">Job</PageHeading>
      <ProblemNotice problem={problem} onRetry={() => job.refetch()} className="mt-6" />
    </>
  );
}
