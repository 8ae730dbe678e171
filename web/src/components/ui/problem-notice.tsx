import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import type { ApiProblem } from "@/api/problem";
import { classNames } from "@/lib/class-names";
import { Button } from "./button";

interface ProblemNoticeProps {
  problem: ApiProblem;
  /** Where trying again makes sense. */
  onRetry?: () => void;
  className?: string;
  /** A way on, beside trying again. */
  children?: ReactNode;
}

/** What went wrong, what to do, and the id by which support finds it. */
export function ProblemNotice({ problem, onRetry, className, children }: ProblemNoticeProps) {
  return (
    <div role="alert" className={classNames("panel flex gap-3 border-l-4 border-l-red p-4", className)}>
      <CircleAlert aria-hidden="true" className="mt-0.5 size-5 shrink-0 text-red" strokeWidth={1.5} />
      <div className="min-w-0 text-sm">
        <p className="font-semibold">{problem.title}</p>
        <p className="mt-1 break-words">{problem.detail}</p>
        {problem.requestId && (
          <p className="mt-1 text-xs break-all text-muted">
            Request <code className="font-mono">{problem.requestId}</code>
          </p>
        )}
        {(onRetry || children) && (
          <div className="mt-3 flex flex-wrap gap-3">
            {onRetry && (
              <Button kind="secondary" onClick={onRetry}>
                Try again
              </Button>
            )}
            {children}
          </div>
        )}
      </div>
    </div>
  );
}
