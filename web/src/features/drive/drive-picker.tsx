import { useQuery } from "@tanstack/react-query";
import { useLocation, useSearchParams } from "react-router";
import { asProblem } from "@/api/problem";
import { ProblemNotice } from "@/components/ui/problem-notice";
import { backHere } from "./addresses";
import type { DriveChoice } from "./choice";
import { ConnectDrive } from "./connect-drive";
import { DriveErrorNotice } from "./drive-error-notice";
import { FolderBrowser } from "./folder-browser";
import { GooglePickerPanel } from "./google-picker-panel";
import { driveQuery } from "./queries";
import { SaveToDrive } from "./save-to-drive";
import { SelectedTray } from "./selected-tray";

interface DrivePickerProps {
  choice: DriveChoice;
  onChange: (choice: DriveChoice) => void;
  /** What the API says about chosen files, by their ids. */
  problems: Record<string, string>;
  /** What it says about saving there. */
  savingError: string | undefined;
}

/** Photos out of somebody's Google Drive: connecting it, looking through it, choosing. */
export function DrivePicker({ choice, onChange, problems, savingError }: DrivePickerProps) {
  const connection = useQuery(driveQuery);
  const { pathname, search } = useLocation();
  const [query] = useSearchParams();
  const next = backHere(pathname, search);
  const drive = connection.data;
  const error = query.get("drive_error");
  if (!drive) {
    if (connection.error) {
      return <ProblemNotice problem={asProblem(connection.error)} onRetry={() => connection.refetch()} />;
    }
    return <div role="status" aria-label="Loading Google Drive" className="h-64 rounded-md bg-hairline/50" />;
  }
  return (
    <>
      {error && <DriveErrorNotice code={error} />}
      {drive.connected ? (
        <div className="space-y-4">
          {drive.chosen_with === "picker" ? (
            <GooglePickerPanel choice={choice} onChange={onChange} />
          ) : (
            <FolderBrowser connection={drive} next={next} choice={choice} onChange={onChange} />
          )}
          <SelectedTray choice={choice} onChange={onChange} problems={problems} />
          <SaveToDrive connection={drive} next={next} choice={choice} onChange={onChange} error={savingError} />
        </div>
      ) : (
        <ConnectDrive connection={drive} next={next} />
      )}
    </>
  );
}
