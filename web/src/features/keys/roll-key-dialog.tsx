import { useState } from "react";
import { asProblem } from "@/api/problem";
import type { ApiKey } from "@/api/schema";
import { DEFAULT_OVERLAP_HOURS, OverlapField } from "@/components/overlap-field";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { ProblemNotice } from "@/components/ui/problem-notice";
import { day } from "@/lib/format";
import { useRollKey } from "./queries";
import { useWish } from "./wish";

interface RollKeyDialogProps {
  /** The key to replace; `undefined` closes the dialog. */
  apiKey: ApiKey | undefined;
  onClose: () => void;
  onRolled: (key: ApiKey) => void;
}

/** Replaces a key by a new one with the same name and scopes. */
export function RollKeyDialog({ apiKey, onClose, onRolled }: RollKeyDialogProps) {
  return (
    <Dialog
      open={apiKey !== undefined}
      onClose={onClose}
      title={`Roll “${apiKey?.name}”`}
      description="Makes a new key with the same name and scopes. Put it in place everywhere while the old one still works."
    >
      {apiKey && <RollKeyForm apiKey={apiKey} onClose={onClose} onRolled={onRolled} />}
    </Dialog>
  );
}

function RollKeyForm({ apiKey, onClose, onRolled }: RollKeyDialogProps & { apiKey: ApiKey }) {
  const [hours, setHours] = useState(DEFAULT_OVERLAP_HOURS);
  const roll = useRollKey(onRolled);
  const wishOf = useWish();
  const confirm = () =>
    roll.mutate(
      { id: apiKey.id, overlapHours: hours, idempotencyKey: wishOf(hours).name },
      { onSuccess: () => roll.reset() },
    );
  return (
    <>
      <OverlapField
        label="The old key"
        hint="In the usage you see when nothing comes in under it any more."
        hours={hours}
        onChange={setHours}
      />
      {apiKey.expires_at && (
        <p className="mt-4 text-sm text-muted">
          The old key was to end on {day(apiKey.expires_at)}. The new one does not expire.
        </p>
      )}
      {roll.error && <ProblemNotice problem={asProblem(roll.error)} className="mt-4" />}
      <div className="mt-6 flex flex-wrap justify-end gap-3">
        <Button kind="secondary" onClick={onClose}>
          Cancel
        </Button>
        <Button onClick={confirm} isBusy={roll.isPending}>
          Roll key
        </Button>
      </div>
    </>
  );
}
