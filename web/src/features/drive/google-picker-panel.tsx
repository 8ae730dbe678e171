import { useMutation } from "@tanstack/react-query";
import { HardDrive } from "lucide-react";
import { asProblem } from "@/api/problem";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { type DriveChoice, MOST_PHOTOS } from "./choice";
import { DriveProblem } from "./drive-problem";
import { type FilePicker, googlePicker, PickerNotLoaded } from "./google-picker";

interface GooglePickerPanelProps {
  choice: DriveChoice;
  onChange: (choice: DriveChoice) => void;
  picker?: FilePicker;
}

/** Photos are picked in Google's own window; we see only those. */
export function GooglePickerPanel({ choice, onChange, picker = googlePicker(MOST_PHOTOS) }: GooglePickerPanelProps) {
  const picking = useMutation({
    mutationFn: picker.pick,
    onSuccess: (files) => {
      if (!files) return;
      const { folder: _folder, ...rest } = choice;
      const kept = choice.files.filter(({ id }) => !files.some((file) => file.id === id));
      onChange({ ...rest, files: [...kept, ...files].slice(0, MOST_PHOTOS) });
    },
  });
  return (
    <div className="panel px-6 py-10 text-center">
      <HardDrive aria-hidden="true" className="mx-auto size-8 text-muted" strokeWidth={1.5} />
      <p className="mx-auto mt-2 max-w-md text-sm text-muted">
        Photos are picked in Google's own window. We see only those that you pick.
      </p>
      <Button className="mt-4" kind="secondary" isBusy={picking.isPending} onClick={() => picking.mutate()}>
        Choose photos in Google Drive
      </Button>
      {picking.data === null && (
        <p role="status" className="mt-3 text-sm text-muted">
          Nothing was picked. What you had chosen is kept.
        </p>
      )}
      <PickingFailed error={picking.error} onRetry={() => picking.mutate()} />
    </div>
  );
}

function PickingFailed({ error, onRetry }: { error: Error | null; onRetry: () => void }) {
  if (!error) return null;
  if (error instanceof PickerNotLoaded) {
    return (
      <Notice tone="warning" className="mt-4 text-left">
        Google's window could not be loaded. Check your connection and whether something in your browser keeps
        apis.google.com out, then try again. You can also upload the photos from your device.
      </Notice>
    );
  }
  return <DriveProblem problem={asProblem(error)} onRetry={onRetry} className="mt-4 text-left" />;
}
