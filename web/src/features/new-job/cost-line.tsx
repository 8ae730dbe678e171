import type { UseQueryResult } from "@tanstack/react-query";
import { asProblem } from "@/api/problem";
import type { Estimate } from "@/api/schema";
import { DriveProblem } from "@/features/drive/drive-problem";
import { classNames } from "@/lib/class-names";
import { usd } from "@/lib/format";
import { imagesInWords } from "./terms";

interface CostLineProps {
  estimate: UseQueryResult<Estimate>;
  /** Whether there are photos to be priced with. */
  isReady: boolean;
  /** What is missing before that. */
  missing: string;
}

/** What the job would cost, before anything is started. */
export function CostLine({ estimate, isReady, missing }: CostLineProps) {
  if (!isReady) return <p className="min-h-12 text-sm text-muted">{missing}</p>;
  if (estimate.error) {
    const problem = asProblem(estimate.error);
    if (problem.isSignedOut)
      return <p className="min-h-12 text-sm text-muted">The price is shown once you are signed in.</p>;
    if (problem.fields.length > 0) {
      return <p className="min-h-12 text-sm text-muted">The price is shown once what is marked is right.</p>;
    }
    return <DriveProblem problem={problem} onRetry={() => estimate.refetch()} />;
  }
  const { data } = estimate;
  if (!data) {
    return (
      <div role="status" aria-label="Pricing the job" className="min-h-12">
        <div className="h-5 w-48 rounded-md bg-hairline/60" />
      </div>
    );
  }
  const isMore = Number(data.at_most_usd) > Number(data.estimated_usd);
  return (
    <p role="status" className={classNames("min-h-12", estimate.isPlaceholderData && "text-muted")}>
      About <strong className="tabular-nums">{usd(data.estimated_usd)}</strong> for {imagesInWords(data.count)}
      {isMore && (
        <>
          , at most <strong className="tabular-nums">{usd(data.at_most_usd)}</strong> if they are late
        </>
      )}
      .
    </p>
  );
}
