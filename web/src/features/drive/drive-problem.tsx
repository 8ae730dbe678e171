import type { ReactNode } from "react";
import type { ApiProblem } from "@/api/problem";
import { ProblemNotice } from "@/components/ui/problem-notice";

/** What each trouble with a Drive means for somebody who is choosing photos, by the API's code. */
const meanings: Record<string, string> = {
  drive_not_connected: "Connect your Drive first. What you typed is kept.",
  drive_reconnect_needed: "Connect it again and go on here. What you chose and typed is kept.",
  drive_scope_missing: "Connect it again, with the box ticked at Google. What you chose and typed is kept.",
  drive_file_not_found:
    "It may have been moved, put into the bin, or no longer be shared with you. Look in another folder.",
  drive_rate_limited: "Nothing is lost. Wait a few seconds, then try again.",
  drive_unavailable: "Nothing is lost. Try again in a moment, or upload the photos from your device.",
  drive_refused: "Download the photos from Drive and upload them here, or ask your administrator.",
  picker_required: "Reload the page and choose the photos with Google's own window.",
  picker_not_used: "Reload the page; photos are chosen in folders here.",
};

/** Whether connecting the Drive mends it. */
export function needsConnecting(code: string): boolean {
  return code === "drive_not_connected" || code === "drive_reconnect_needed" || code === "drive_scope_missing";
}

interface DriveProblemProps {
  problem: ApiProblem;
  onRetry?: () => void;
  className?: string;
  children?: ReactNode;
}

/** A trouble with Google Drive, with what can be done about it here. */
export function DriveProblem({ problem, onRetry, className, children }: DriveProblemProps) {
  const meaning = meanings[problem.code];
  return (
    <ProblemNotice
      problem={problem}
      {...(onRetry && problem.retryable && { onRetry })}
      {...(className && { className })}
    >
      {meaning || children ? (
        <>
          {meaning && <p className="basis-full text-sm">{meaning}</p>}
          {children}
        </>
      ) : null}
    </ProblemNotice>
  );
}
