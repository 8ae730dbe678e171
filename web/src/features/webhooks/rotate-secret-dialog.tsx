import { useState } from "react";
import { asProblem } from "@/api/problem";
import type { WebhookSecret } from "@/api/schema";
import { DEFAULT_OVERLAP_HOURS, OverlapField } from "@/components/overlap-field";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { ProblemNotice } from "@/components/ui/problem-notice";
import { useRotateSecret } from "./queries";

interface RotateSecretDialogProps {
  userId: string;
  open: boolean;
  onClose: () => void;
  onRotated: (secret: WebhookSecret) => void;
}

/** Makes a new secret, beside which the old one signs for a while. */
export function RotateSecretDialog({ open, ...form }: RotateSecretDialogProps) {
  return (
    <Dialog
      open={open}
      onClose={form.onClose}
      title="Rotate the signing secret"
      description="Makes a new secret and shows it once. For a while every webhook carries both signatures: put the new secret in place everywhere before that is over."
    >
      <RotateForm {...form} />
    </Dialog>
  );
}

function RotateForm({ userId, onClose, onRotated }: Omit<RotateSecretDialogProps, "open">) {
  const [hours, setHours] = useState(DEFAULT_OVERLAP_HOURS);
  const rotate = useRotateSecret(userId, onRotated);
  const confirm = () => rotate.mutate(hours, { onSuccess: () => rotate.reset() });
  return (
    <>
      <OverlapField
        label="The old secret"
        hint={
          hours === 0
            ? "Receivers that have only the old one refuse our webhooks from now on. We try again for about two days."
            : "Secrets that end sooner anyway still do."
        }
        hours={hours}
        onChange={setHours}
      />
      {rotate.error && <ProblemNotice problem={asProblem(rotate.error)} className="mt-4" />}
      <div className="mt-6 flex flex-wrap justify-end gap-3">
        <Button kind="secondary" onClick={onClose}>
          Cancel
        </Button>
        <Button onClick={confirm} isBusy={rotate.isPending}>
          Rotate secret
        </Button>
      </div>
    </>
  );
}
