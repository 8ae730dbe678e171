import { Notice } from "@/components/ui/notice";
import { connectError } from "./connect-error";

interface DriveErrorNoticeProps {
  code: string;
}

/** Why Google led somebody back to the form without a Drive. */
export function DriveErrorNotice({ code }: DriveErrorNoticeProps) {
  return (
    <Notice tone="warning" className="mb-4">
      {connectError(code)} What you typed is kept.
    </Notice>
  );
}
