import type { WebhookFinding } from "@/api/schema";
import { Notice } from "@/components/ui/notice";
import { TimeText } from "@/components/ui/time-text";

interface FindingsProps {
  ok: boolean;
  status?: number | null | undefined;
  milliseconds?: number | null | undefined;
  findings: readonly WebhookFinding[];
  /** When, where it was not just now. */
  at?: string;
}

/** What came of posting an event to an address, in the API's own words. */
export function Findings({ ok, status, milliseconds, findings, at }: FindingsProps) {
  const facts = [
    status ? `HTTP ${status}` : "No answer",
    typeof milliseconds === "number" ? `${milliseconds.toLocaleString("en-GB")} ms` : undefined,
  ].filter(Boolean);
  return (
    <Notice tone={ok && findings.length === 0 ? "success" : "warning"} className="mt-4">
      <p className="font-semibold">{ok ? "The test event arrived" : "The test event did not arrive"}</p>
      <p className="text-muted tabular-nums">
        {facts.join(", ")}
        {at && (
          <>
            , <TimeText moment={at} />
          </>
        )}
      </p>
      {findings.map((finding) => (
        <p key={finding.code} className="mt-1 break-words">
          {finding.message}
        </p>
      ))}
    </Notice>
  );
}
