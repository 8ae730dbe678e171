import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { asProblem } from "@/api/problem";
import type { WebhookEndpoint } from "@/api/schema";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { TextField } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { ProblemNotice } from "@/components/ui/problem-notice";
import { plural } from "@/lib/format";
import { endpointQuery, useReplayFailed } from "./queries";

interface ReplayFailedDialogProps {
  open: boolean;
  onClose: () => void;
}

/** Sends again what did not arrive since a moment, as after an outage. */
export function ReplayFailedDialog({ open, onClose }: ReplayFailedDialogProps) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Replay what failed"
      description="Sends again, oldest first, what failed or was skipped since a moment. What has arrived or is on its way is not sent twice."
    >
      <ReplayFailedForm onClose={onClose} />
    </Dialog>
  );
}

const DAY = 86_400_000;

/** When trouble began, as far as that is known; a day ago where it is not. */
export function likelyBeginning(endpoint: WebhookEndpoint | null | undefined, now: Date): Date {
  const known = endpoint?.failing_since ?? endpoint?.disabled_at;
  return known ? new Date(known) : new Date(now.getTime() - DAY);
}

/** A moment as the field has it, where the person is. */
export function localValue(moment: Date): string {
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function ReplayFailedForm({ onClose }: Pick<ReplayFailedDialogProps, "onClose">) {
  const endpoint = useQuery(endpointQuery);
  const [since, setSince] = useState(() => localValue(likelyBeginning(endpoint.data, new Date())));
  const replay = useReplayFailed();
  const problem = replay.error ? asProblem(replay.error) : undefined;
  const moment = new Date(since);
  const isWrong = Number.isNaN(moment.getTime());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!replay.isPending && !isWrong) replay.mutate(moment.toISOString());
  };
  return (
    <form onSubmit={submit} noValidate className="mt-4">
      <TextField
        label="Since"
        type="datetime-local"
        hint="Your own time. When your server began to fail."
        value={since}
        onChange={(event) => setSince(event.target.value)}
        error={isWrong ? "Choose a moment." : problem?.field("since")}
      />
      {problem && <ProblemNotice problem={problem} className="mt-4" />}
      {replay.data && (
        <Notice tone={replay.data.replayed > 0 ? "success" : "info"} className="mt-4">
          {replay.data.replayed === 0
            ? "Nothing has failed since then."
            : `${plural(replay.data.replayed, "event")} under way again.`}
          {replay.data.has_more && " There are more: replay again."}
        </Notice>
      )}
      <div className="mt-6 flex flex-wrap justify-end gap-3">
        <Button kind="secondary" onClick={onClose}>
          Close
        </Button>
        <Button type="submit" isBusy={replay.isPending}>
          Replay
        </Button>
      </div>
    </form>
  );
}
