import type { ApiKey } from "@/api/schema";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { maskedKey } from "./key-row";
import { useRevokeKey } from "./queries";

interface RevokeKeyDialogProps {
  /** The key to end; `undefined` closes the dialog. */
  apiKey: ApiKey | undefined;
  onClose: () => void;
}

export function RevokeKeyDialog({ apiKey, onClose }: RevokeKeyDialogProps) {
  const revoke = useRevokeKey();
  const close = () => {
    revoke.reset();
    onClose();
  };
  return (
    <ConfirmDialog
      open={apiKey !== undefined}
      onClose={close}
      title={`Revoke “${apiKey?.name}”`}
      description={
        apiKey && (
          <>
            Programs that use <code className="font-mono break-all">{maskedKey(apiKey)}</code> are refused at once. This
            cannot be undone. Jobs that it has started go on.
          </>
        )
      }
      action="Revoke key"
      onConfirm={() => apiKey && revoke.mutate(apiKey.id, { onSuccess: close })}
      isBusy={revoke.isPending}
      error={revoke.error}
    />
  );
}
