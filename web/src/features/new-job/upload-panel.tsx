import { ImagePlus } from "lucide-react";
import { useRef } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { classNames } from "@/lib/class-names";
import { MOST_PHOTOS, PHOTO_TYPES } from "./photo-check";
import { PhotoRow } from "./photo-row";
import type { Uploader, UploadState } from "./uploader";

interface UploadPanelProps {
  uploader: Uploader;
  state: UploadState;
  /** Files are being dragged over the page. */
  isDraggedOver: boolean;
  error: string | undefined;
}

/** Photos from this device: dropped, pasted or chosen. */
export function UploadPanel({ uploader, state, isDraggedOver, error }: UploadPanelProps) {
  const { photos, remarks } = state;
  const picker = useRef<HTMLInputElement>(null);
  const isFull = photos.length >= MOST_PHOTOS;
  return (
    <div>
      <div
        className={classNames(
          "rounded-md border border-dashed px-4 py-8 text-center",
          isDraggedOver ? "border-red bg-red/5" : "border-edge",
          error && "border-red",
        )}
      >
        <ImagePlus aria-hidden="true" className="mx-auto size-8 text-muted" strokeWidth={1.5} />
        <p className="mt-2 text-sm pointer-coarse:hidden">
          {isDraggedOver ? "Let go to add them" : "Drop photos anywhere on this page, paste them, or"}
        </p>
        <Button
          kind="secondary"
          className="mt-3"
          data-field="images"
          disabled={isFull}
          onClick={() => picker.current?.click()}
        >
          Choose photos
        </Button>
        <input
          ref={picker}
          type="file"
          accept={PHOTO_TYPES.join(",")}
          multiple
          aria-label="Photo files"
          tabIndex={-1}
          className="sr-only"
          onChange={(event) => {
            void uploader.add([...(event.target.files ?? [])]);
            // Otherwise the same file, chosen again after it was removed, would be no change.
            event.target.value = "";
          }}
        />
        <p className="mt-3 text-xs text-muted">
          One to eight photos of one product. JPEG, PNG or WebP, up to 50 MB each. The first is the main one.
        </p>
      </div>
      {error && (
        <p role="alert" className="mt-2 text-sm text-red">
          {error}
        </p>
      )}
      {remarks.length > 0 && (
        <Notice tone="warning" className="mt-3">
          {remarks.map((remark) => (
            <p key={remark.id} className="break-words">
              {remark.words}
            </p>
          ))}
        </Notice>
      )}
      {photos.length > 0 && (
        <ol aria-label="Photos" className="mt-3 space-y-2">
          {photos.map((photo, index) => (
            <PhotoRow key={photo.id} photo={photo} index={index} count={photos.length} uploader={uploader} />
          ))}
        </ol>
      )}
      <p role="status" className="sr-only">
        {photos.length > 0 && uploadedInWords(state)}
      </p>
    </div>
  );
}

function uploadedInWords({ photos }: UploadState): string {
  const done = photos.filter(({ status }) => status === "done").length;
  const failed = photos.filter(({ status }) => status === "failed").length;
  return `${done} of ${photos.length} photos uploaded${failed > 0 ? `, ${failed} failed` : ""}.`;
}
