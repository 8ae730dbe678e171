import { Button } from "@/components/ui/button";
import { DriveProblem } from "@/features/drive/drive-problem";
import { useMe } from "@/features/session/queries";
import { CostLine } from "./cost-line";
import type { Draft } from "./draft";
import { firstWrong } from "./field-errors";
import { LimitsNote } from "./limits-note";
import { imagesInWords } from "./terms";
import type { useEstimate } from "./use-estimate";
import type { useStart } from "./use-start";

interface SummaryPanelProps {
  draft: Draft;
  estimate: ReturnType<typeof useEstimate>;
  starting: ReturnType<typeof useStart>;
  onStartOver: () => void;
}

/** What is about to be started, what it costs, and the button that does it. */
export function SummaryPanel({ draft, estimate, starting, onStartOver }: SummaryPanelProps) {
  const me = useMe();
  const { errors, refusal, others } = starting;
  const isWrong = firstWrong(errors) !== undefined;
  const isWholeRefusal = refusal && !refusal.isSignedOut && (refusal.fields.length === 0 || others.length > 0);
  return (
    <section aria-labelledby="summary" className="panel p-5">
      <h2 id="summary" className="text-lg font-semibold">
        Your job
      </h2>
      <p className="mt-1 text-sm text-muted">
        <span className="inline-block first-letter:uppercase">{imagesInWords(draft.count)}</span>, {draft.aspectRatio},{" "}
        {draft.imageSize}
      </p>
      <div className="mt-4 border-t border-hairline pt-4">
        <CostLine estimate={estimate.query} isReady={estimate.isReady} missing={estimate.missing} />
      </div>
      {me.data && <LimitsNote limits={me.data.limits} count={draft.count} cost={estimate.query.data?.at_most_usd} />}
      {isWholeRefusal && <DriveProblem problem={refusal} className="mt-4" />}
      {isWrong && (
        <p role="status" className="mt-4 text-sm text-red">
          Something is missing or not right; it is marked in the form.
        </p>
      )}
      <Button className="mt-4 w-full" isBusy={starting.isStarting} onClick={starting.start}>
        Make {imagesInWords(draft.count)}
      </Button>
      <p className="mt-3 text-xs text-muted">
        We'll e-mail you{me.data ? ` at ${me.data.email}` : ""} when it's done. Once it has started, you can close this
        page.
      </p>
      <Button kind="quiet" className="mt-2 -ml-4" onClick={onStartOver}>
        Start over
      </Button>
    </section>
  );
}
