import { useInfiniteQuery } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import { useState } from "react";
import { asProblem } from "@/api/problem";
import { paths } from "@/app/paths";
import { Button, IconButton } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { ProblemNotice } from "@/components/ui/problem-notice";
import { Section } from "@/components/ui/section";
import { DeliveryRow } from "./delivery-row";
import { deliveriesQuery } from "./queries";
import { ReplayFailedDialog } from "./replay-failed-dialog";

/** What was sent to whom, with every attempt. */
export function DeliveriesSection() {
  const deliveries = useInfiniteQuery(deliveriesQuery);
  const [isReplaying, setIsReplaying] = useState(false);
  const rows = deliveries.data?.pages.flatMap((page) => page.data);
  return (
    <Section
      title="Deliveries"
      description="Newest first, kept for 90 days. A replay carries the same webhook-id, so that your server knows it again."
      action={
        rows &&
        rows.length > 0 && (
          <div className="flex items-center gap-2">
            <Button kind="secondary" onClick={() => setIsReplaying(true)}>
              Replay what failed
            </Button>
            <IconButton label="Refresh the deliveries" onClick={() => deliveries.refetch()}>
              <RotateCw aria-hidden="true" className="size-5" strokeWidth={1.5} />
            </IconButton>
          </div>
        )
      }
    >
      {deliveries.error && !rows ? (
        <ProblemNotice problem={asProblem(deliveries.error)} onRetry={() => deliveries.refetch()} />
      ) : !rows ? (
        <div role="status" className="panel h-60">
          <span className="sr-only">Loading the deliveries</span>
        </div>
      ) : rows.length === 0 ? (
        <EmptyState title="Nothing was sent yet">
          When a job ends, its event is here, with what your server answered.{" "}
          <a className="link" href={paths.docs}>
            Read how to receive it
          </a>
        </EmptyState>
      ) : (
        <ul aria-label="Deliveries" className="panel divide-y divide-hairline">
          {rows.map((delivery) => (
            <DeliveryRow key={delivery.id} delivery={delivery} />
          ))}
        </ul>
      )}
      {deliveries.hasNextPage && (
        <Button
          kind="secondary"
          className="mt-4"
          isBusy={deliveries.isFetchingNextPage}
          onClick={() => deliveries.fetchNextPage()}
        >
          Show older ones
        </Button>
      )}
      <ReplayFailedDialog open={isReplaying} onClose={() => setIsReplaying(false)} />
    </Section>
  );
}
