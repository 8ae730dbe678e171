import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { asProblem } from "@/api/problem";
import type { WebhookEndpoint } from "@/api/schema";
import { Badge } from "@/components/ui/badge";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Notice } from "@/components/ui/notice";
import { ProblemNotice } from "@/components/ui/problem-notice";
import { Section } from "@/components/ui/section";
import { TimeText } from "@/components/ui/time-text";
import { EndpointForm } from "./endpoint-form";
import { endpointQuery, useRemoveEndpoint } from "./queries";

/** The one receiver of the account. */
export function EndpointSection() {
  const endpoint = useQuery(endpointQuery);
  const [isRemoving, setIsRemoving] = useState(false);
  const remove = useRemoveEndpoint();
  const [removals, setRemovals] = useState(0);
  const close = () => {
    remove.reset();
    setIsRemoving(false);
  };
  return (
    <Section
      className="mt-8"
      title="Endpoint"
      description="Gets the events of every job that names no address of its own. A signed test event is posted to it when you save, and you see what came of it."
      action={endpoint.data && <Status endpoint={endpoint.data} />}
    >
      {endpoint.error && endpoint.data === undefined ? (
        <ProblemNotice problem={asProblem(endpoint.error)} onRetry={() => endpoint.refetch()} />
      ) : endpoint.data === undefined ? (
        <div role="status" className="panel h-120">
          <span className="sr-only">Loading your endpoint</span>
        </div>
      ) : (
        <div className="panel p-4 sm:p-6">
          {endpoint.data && <Trouble endpoint={endpoint.data} />}
          <EndpointForm
            // What was typed stays, also while the endpoint is fetched again, and goes when the endpoint does.
            key={removals}
            endpoint={endpoint.data}
            onRemove={() => setIsRemoving(true)}
          />
        </div>
      )}
      <ConfirmDialog
        open={isRemoving}
        onClose={close}
        title="Remove the endpoint"
        description="Jobs that name no address of their own send no events any more. What was still to be delivered is kept as skipped, and can be replayed once there is an endpoint again."
        action="Remove endpoint"
        onConfirm={() =>
          remove.mutate(undefined, {
            onSuccess: () => {
              setRemovals(removals + 1);
              close();
            },
          })
        }
        isBusy={remove.isPending}
        error={remove.error}
      />
    </Section>
  );
}

function Status({ endpoint }: { endpoint: WebhookEndpoint }) {
  const isEnabled = endpoint.status === "enabled";
  return <Badge tone={isEnabled ? "good" : "bad"}>{isEnabled ? "Enabled" : "Disabled"}</Badge>;
}

/** Why it is disabled, or soon will be. */
function Trouble({ endpoint }: { endpoint: WebhookEndpoint }) {
  if (endpoint.status === "disabled") {
    return (
      <Notice tone="warning" className="mb-6">
        <p>
          {endpoint.disabled_reason === "gone"
            ? "The endpoint answered 410 Gone, by which a receiver says that it wants no more events. It was disabled"
            : "An event was tried for two days in which nothing arrived, so the endpoint was disabled"}
          {endpoint.disabled_at && (
            <>
              {" "}
              <TimeText moment={endpoint.disabled_at} />
            </>
          )}
          . What it misses is kept as skipped. Save it to enable it again, then replay what has failed.
        </p>
      </Notice>
    );
  }
  if (!endpoint.failing_since) return null;
  return (
    <Notice tone="warning" className="mb-6">
      Nothing arrives at the moment; the first attempt that failed was <TimeText moment={endpoint.failing_since} />.
      They are repeated for about two days; after that the endpoint is disabled. The deliveries below say what it
      answers.
    </Notice>
  );
}
