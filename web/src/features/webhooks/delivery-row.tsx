import { ChevronDown } from "lucide-react";
import { useId, useState } from "react";
import { Link } from "react-router";
import { asProblem } from "@/api/problem";
import type { WebhookDelivery } from "@/api/schema";
import { paths } from "@/app/paths";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { ProblemNotice } from "@/components/ui/problem-notice";
import { TimeText } from "@/components/ui/time-text";
import { classNames } from "@/lib/class-names";
import { plural } from "@/lib/format";
import { AttemptList } from "./attempt-list";
import { canReplay, deliveryState } from "./delivery-state";
import { useReplay } from "./queries";

/** One event and what became of it. */
export function DeliveryRow({ delivery }: { delivery: WebhookDelivery }) {
  const [isOpen, setIsOpen] = useState(false);
  const replay = useReplay();
  const id = useId();
  const { tone, word, meaning } = deliveryState(delivery.status);
  const count = delivery.attempts.length;
  return (
    <li className="p-4">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <Badge tone={tone}>{word}</Badge>
            <h3 className="font-mono text-sm font-semibold">{delivery.type}</h3>
            {delivery.created_at && (
              <span className="text-sm text-muted">
                <TimeText moment={delivery.created_at} />
              </span>
            )}
          </div>
          <p className="mt-1 text-sm break-all">
            <Link className="link" to={paths.job(delivery.job_id)}>
              {shortened(delivery.job_id)}
            </Link>
            <span className="text-muted"> to {delivery.url}</span>
          </p>
        </div>
        <div className="flex gap-2 max-sm:-ml-4">
          <Button
            kind="quiet"
            aria-expanded={isOpen}
            aria-controls={id}
            onClick={() => setIsOpen(!isOpen)}
            icon={
              <ChevronDown
                aria-hidden="true"
                strokeWidth={1.5}
                className={classNames("size-4 transition-transform", isOpen && "rotate-180")}
              />
            }
          >
            {plural(count, "attempt")}
          </Button>
          <Button
            kind="secondary"
            disabled={!canReplay(delivery)}
            isBusy={replay.isPending}
            onClick={() => replay.mutate(delivery.id)}
          >
            Replay
          </Button>
        </div>
      </div>
      {replay.error && <ProblemNotice problem={asProblem(replay.error)} className="mt-3" />}
      <div id={id} hidden={!isOpen} className="mt-3 text-sm">
        <p>
          {meaning}
          {delivery.status === "pending" && delivery.next_attempt_at && (
            <>
              {" "}
              The next attempt: <TimeText moment={delivery.next_attempt_at} />.
            </>
          )}
        </p>
        <p className="mt-1 text-xs break-all text-muted">
          webhook-id <code className="font-mono">{delivery.id}</code>
        </p>
        <AttemptList attempts={delivery.attempts} />
      </div>
    </li>
  );
}

/** `job_01kav3…4x`: enough to tell jobs apart, and the link has all of it. */
function shortened(id: string): string {
  return id.length > 16 ? `${id.slice(0, 10)}…${id.slice(-4)}` : id;
}
