import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { asProblem } from "@/api/problem";
import { PageTitle } from "@/app/page-title";
import { Notice } from "@/components/ui/notice";
import { ProblemNotice } from "@/components/ui/problem-notice";
import { type Draft, draftLike, emptyDraft, keptDraft } from "./draft";
import { NewJobForm } from "./new-job-form";
import { jobLikeQuery } from "./queries";

/** Where people say what to make of which photos. */
export function NewJobPage() {
  const [query] = useSearchParams();
  const from = query.get("from");
  const asked: Partial<Draft> = query.get("source") === "drive" ? { source: "drive" } : {};
  return (
    <>
      <PageTitle>New job</PageTitle>
      {from ? (
        <LikeAnother key={from} from={from} asked={asked} />
      ) : (
        <NewJobForm key="new" from={null} first={emptyDraft} asked={asked} />
      )}
    </>
  );
}

interface LikeAnotherProps {
  from: string;
  asked: Partial<Draft>;
}

/** Begins with the details of an earlier job. */
function LikeAnother({ from, asked }: LikeAnotherProps) {
  const job = useQuery(jobLikeQuery(from));
  if (job.isPending && !keptDraft(from)) {
    return <div role="status" aria-label="Loading the details" className="mt-6 h-96 rounded-md bg-hairline/40" />;
  }
  const name = job.data?.product?.title;
  return (
    <NewJobForm from={from} first={job.data ? draftLike(job.data) : emptyDraft} asked={asked}>
      {job.error ? (
        <ProblemNotice problem={asProblem(job.error)}>
          <p className="basis-full text-sm">Its details could not be taken over. You can fill in the form yourself.</p>
        </ProblemNotice>
      ) : (
        <Notice>
          These are the details{name ? ` of “${name}”` : " of the earlier job"}. Choose the photos; everything can be
          changed.
        </Notice>
      )}
    </NewJobForm>
  );
}
