import { Notice } from "@/components/ui/notice";

/** Why Google led somebody back without a Drive, by the code in the address. */
const reasons: Record<string, string> = {
  access_denied: "You did not allow it at Google, so nothing was connected. Nothing was changed.",
  drive_scope_missing: "The box for Google Drive was not ticked at Google. Connect it again, with the box ticked.",
  attempt_expired: "That took too long at Google. Start again; it takes a few seconds.",
  attempt_unknown: "That was begun in another browser, or somebody else signed in meanwhile. Start again here.",
  rate_limited: "There were too many attempts from your network. Wait a minute and try again.",
  unavailable: "Google or our service does not answer at the moment. Try again in a minute.",
  sign_in_failed: "Google's answer could not be verified, so nothing was connected. Try again.",
};

interface DriveErrorNoticeProps {
  code: string;
}

export function DriveErrorNotice({ code }: DriveErrorNoticeProps) {
  return (
    <Notice tone="warning" className="mb-4">
      {reasons[code] ?? "Google Drive was not connected. Try again."} What you typed is kept.
    </Notice>
  );
}
