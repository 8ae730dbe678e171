import type { DriveConnection } from "@/api/schema";
import { ButtonAnchor } from "@/components/ui/button";
import { CheckField } from "@/components/ui/check-field";
import { connectAddress } from "./addresses";
import type { DriveChoice } from "./choice";

interface SaveToDriveProps {
  connection: DriveConnection;
  next: string;
  choice: DriveChoice;
  onChange: (choice: DriveChoice) => void;
  error: string | undefined;
}

/** Where the images go besides here. Google is asked for that right only by those who want it. */
export function SaveToDrive({ connection, next, choice, onChange, error }: SaveToDriveProps) {
  const isAsked = choice.saveToDrive && !connection.can_save;
  return (
    <div>
      <CheckField
        label="Also save the images to a new folder beside the photos"
        name="save_to_drive"
        checked={choice.saveToDrive}
        onChange={(event) => onChange({ ...choice, saveToDrive: event.target.checked })}
      />
      {error && (
        <p role="alert" className="text-sm text-red">
          {error}
        </p>
      )}
      {isAsked && (
        <div className="panel mt-2 flex flex-wrap items-center justify-between gap-3 p-4 text-sm" role="status">
          <p className="max-w-md">
            Google has to allow us to make that folder. What you chose and typed is kept meanwhile.
          </p>
          <ButtonAnchor kind="secondary" href={connectAddress(connection.connect_to_save_url, next)}>
            Allow saving at Google
          </ButtonAnchor>
        </div>
      )}
    </div>
  );
}
