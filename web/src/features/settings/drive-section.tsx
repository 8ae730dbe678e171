import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { asProblem } from "@/api/problem";
import type { DriveConnection } from "@/api/schema";
import { paths } from "@/app/paths";
import { Badge } from "@/components/ui/badge";
import { Button, ButtonAnchor } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Notice } from "@/components/ui/notice";
import { ProblemNotice } from "@/components/ui/problem-notice";
import { Section } from "@/components/ui/section";
import { TimeText } from "@/components/ui/time-text";
import { connectError } from "@/features/drive/connect-error";
import { driveQuery, useDisconnectDrive } from "./queries";

/** An address at which a permission is given, and from which the way leads back here. */
export function thereAndBack(url: string): string {
  return `${url}${url.includes("?") ? "&" : "?"}next=${encodeURIComponent(paths.settings)}`;
}

/** Whose Drive is connected, what we may do there, and the end of it. */
export function DriveSection() {
  const drive = useQuery(driveQuery);
  const [query] = useSearchParams();
  const error = query.get("drive_error");
  return (
    <Section
      title="Google Drive"
      description="Photos can come from your Drive, and finished images can be saved there."
      action={drive.data && <State drive={drive.data} />}
    >
      {error && (
        <Notice tone="warning" className="mb-4">
          {connectError(error)}
        </Notice>
      )}
      {drive.error && !drive.data ? (
        <ProblemNotice problem={asProblem(drive.error)} onRetry={() => drive.refetch()} />
      ) : (
        <div className="panel min-h-32 p-4 sm:p-6">{drive.data && <Connection drive={drive.data} />}</div>
      )}
    </Section>
  );
}

function State({ drive }: { drive: DriveConnection }) {
  if (drive.needs_reconnect) return <Badge tone="warn">Needs you</Badge>;
  return drive.connected ? <Badge tone="good">Connected</Badge> : <Badge tone="neutral">Not connected</Badge>;
}

function Connection({ drive }: { drive: DriveConnection }) {
  const [isLeaving, setIsLeaving] = useState(false);
  const disconnect = useDisconnectDrive();
  const close = () => {
    disconnect.reset();
    setIsLeaving(false);
  };
  return (
    <>
      <div className="text-sm">
        {drive.email && (
          <p>
            <span className="font-semibold break-all">{drive.email}</span>
            {drive.connected_at && (
              <span className="text-muted">
                , connected <TimeText moment={drive.connected_at} />
              </span>
            )}
          </p>
        )}
        <p className={drive.email ? "mt-1" : undefined}>{inWords(drive)}</p>
      </div>
      <div className="mt-5 flex flex-wrap gap-3">
        {!drive.connected && (
          <ButtonAnchor href={thereAndBack(drive.connect_url)}>
            {drive.needs_reconnect ? "Connect again" : "Connect Google Drive"}
          </ButtonAnchor>
        )}
        {drive.connected && !drive.can_save && (
          <ButtonAnchor kind="secondary" href={thereAndBack(drive.connect_to_save_url)}>
            Allow saving
          </ButtonAnchor>
        )}
        {drive.email && (
          <Button kind="danger" onClick={() => setIsLeaving(true)}>
            Disconnect
          </Button>
        )}
      </div>
      <ConfirmDialog
        open={isLeaving}
        onClose={close}
        title="Disconnect Google Drive"
        description={`We give the permission for ${drive.email ?? "your Drive"} back to Google and forget it. Photos that jobs already have stay with them, and images that were saved stay in your Drive.`}
        action="Disconnect"
        onConfirm={() => disconnect.mutate(undefined, { onSuccess: close })}
        isBusy={disconnect.isPending}
        error={disconnect.error}
      />
    </>
  );
}

/** What we may do there. */
function inWords(drive: DriveConnection): string {
  if (drive.needs_reconnect) return "Google no longer lets us in: the permission was taken back or has run out.";
  if (!drive.connected) {
    return drive.email
      ? "The permission to read photos is missing."
      : "Connect it when you want to take photos from there. We ask for that permission and no other.";
  }
  const reading =
    drive.chosen_with === "folders" ? "We can read photos there." : "We can read the photos that you pick there.";
  return `${reading} ${drive.can_save ? "We can save images there." : "We cannot save images there yet."}`;
}
