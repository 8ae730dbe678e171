import type { WebhookAttempt } from "@/api/schema";
import { exactTime } from "@/lib/format";

/** Every try to deliver an event, oldest first. */
export function AttemptList({ attempts }: { attempts: readonly WebhookAttempt[] }) {
  if (attempts.length === 0) return <p className="mt-3 text-muted">There was no attempt yet.</p>;
  return (
    <ol aria-label="Attempts" className="mt-3 space-y-3 border-l-2 border-hairline pl-4">
      {attempts.map((attempt) => (
        <li key={attempt.at}>
          <p className="flex flex-wrap gap-x-4 tabular-nums">
            <time dateTime={attempt.at} title={attempt.at}>
              {exactTime(attempt.at)}
            </time>
            <span className="font-semibold">{attempt.status ? `HTTP ${attempt.status}` : "No answer"}</span>
            <span className="text-muted">{attempt.milliseconds.toLocaleString("en-GB")} ms</span>
          </p>
          {attempt.problem && <p className="mt-0.5 break-words">{sentence(attempt.problem)}</p>}
          {attempt.answer && (
            <pre className="mt-1 max-h-40 overflow-auto rounded-md border border-hairline p-2 font-mono text-xs break-all whitespace-pre-wrap">
              {attempt.answer}
            </pre>
          )}
        </li>
      ))}
    </ol>
  );
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith(".") ? "" : "."}`;
}
