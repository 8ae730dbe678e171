import { useEffect } from "react";
import type { DriveConnection } from "@/api/schema";
import { ButtonAnchor } from "@/components/ui/button";
import { connectAddress } from "./addresses";
import type { DriveChoice } from "./choice";

interface SaveToDriveProps {
  connection: DriveConnection;
  next: string;
  choice: DriveChoice;
  onChange: (choice: DriveChoice) => void;
}

/** Where the images go besides here. Google is asked for that right only by those who want it. */
export function SaveToDrive({ connection, next, choice, onChange }: SaveToDriveProps) {
  const isAsked = choice.saveToDrive && !connection.can_save;
  // The wish is in the draft before the browser leaves for Google; coming back without the right, it is still there.
  useEffect(() => {
    if (isAsked) document.getElementById("allow-saving")?.scrollIntoView({ block: "nearest" });
  }, [isAsked]);
  return (
    <div data-field="save_to_drive" tabIndex={-1}>
      <label className="flex min-h-11 items-center gap-3 text-sm">
        <input
          type="checkbox"
          checked={choice.saveToDrive}
          onChange={(event) => onChange({ ...choice, saveToDrive: event.target.checked })}
          className="size-5 shrink-0 accent-red"
        />
        Also save the images to a new folder beside the photos
      </label>
      {isAsked && (
        <div
          id="allow-saving"
          className="panel mt-2 flex flex-wrap items-center justify-between gap-3 p-4 text-sm"
          role="status"
        >
          <p className="max-w-md">
            Google has to allow us to make that folder. It asks you now; what you chose and typed is kept.
          </p>
          <ButtonAnchor kind="secondary" href={connectAddress(connection.connect_to_save_url, next)}>
            Allow saving at Google
          </ButtonAnchor>
        </div>
      )}
    </div>
  );
}
