import { ArrowDown, ArrowUp, ImageIcon, RotateCw, X } from "lucide-react";
import { type DragEvent, useState } from "react";
import { Button, IconButton } from "@/components/ui/button";
import { ProgressBar } from "@/components/ui/progress-bar";
import { classNames } from "@/lib/class-names";
import { bytes } from "@/lib/format";
import type { Photo } from "./upload-queue";
import type { Uploader } from "./uploader";

/** Tells a photo of the list from a file that is dragged in. */
const PHOTO_DRAG = "application/x-packshot-photo";

const icon = { "aria-hidden": true, className: "size-5", strokeWidth: 1.5 } as const;

interface PhotoRowProps {
  photo: Photo;
  index: number;
  count: number;
  uploader: Uploader;
}

/** A chosen photo: what it is, how far it is, and what can be done with it. */
export function PhotoRow({ photo, index, count, uploader }: PhotoRowProps) {
  const { id, name } = photo;
  const [isOver, setIsOver] = useState(false);
  const isOnTheWay = photo.status === "sending" || photo.status === "waiting";
  const onDragOver = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes(PHOTO_DRAG)) return;
    event.preventDefault();
    setIsOver(true);
  };
  const onDrop = (event: DragEvent) => {
    setIsOver(false);
    const dragged = event.dataTransfer.getData(PHOTO_DRAG);
    if (dragged) uploader.move(dragged, index);
  };
  return (
    <li
      draggable
      onDragStart={(event) => event.dataTransfer.setData(PHOTO_DRAG, id)}
      onDragOver={onDragOver}
      onDragLeave={() => setIsOver(false)}
      onDrop={onDrop}
      className={classNames("panel flex flex-wrap items-center gap-x-4 gap-y-1 p-3", isOver && "outline-2 outline-red")}
    >
      <Preview photo={photo} />
      <div className="min-w-0 flex-1">
        <p className="truncate text-sm font-semibold" title={name}>
          {name}
        </p>
        <Progress photo={photo} isMain={index === 0} />
      </div>
      <div className="-mr-2 flex items-center justify-end max-sm:basis-full">
        {(photo.status === "failed" || photo.status === "canceled") && (
          <Button
            kind="quiet"
            aria-label={`${photo.status === "failed" ? "Try again" : "Upload"}: ${name}`}
            icon={<RotateCw aria-hidden="true" className="size-4" strokeWidth={1.5} />}
            onClick={() => uploader.again(id)}
          >
            {photo.status === "failed" ? "Try again" : "Upload"}
          </Button>
        )}
        {isOnTheWay && (
          <Button kind="quiet" aria-label={`Cancel the upload of ${name}`} onClick={() => uploader.cancel(id)}>
            Cancel
          </Button>
        )}
        <IconButton label={`Move ${name} up`} disabled={index === 0} onClick={() => uploader.move(id, index - 1)}>
          <ArrowUp {...icon} />
        </IconButton>
        <IconButton
          label={`Move ${name} down`}
          disabled={index === count - 1}
          onClick={() => uploader.move(id, index + 1)}
        >
          <ArrowDown {...icon} />
        </IconButton>
        <IconButton label={`Remove ${name}`} onClick={() => uploader.remove(id)}>
          <X {...icon} />
        </IconButton>
      </div>
    </li>
  );
}

function Preview({ photo }: { photo: Photo }) {
  if (!photo.preview) {
    return (
      <span className="flex size-16 shrink-0 items-center justify-center rounded-md border border-hairline text-muted">
        <ImageIcon {...icon} />
      </span>
    );
  }
  return (
    <img
      src={photo.preview}
      alt=""
      draggable={false}
      className="size-16 shrink-0 rounded-md border border-hairline bg-hairline/40 object-contain"
    />
  );
}

function Progress({ photo, isMain }: { photo: Photo; isMain: boolean }) {
  const { name, size, status, sent } = photo;
  const percent = Math.floor((sent / size) * 100);
  const words = {
    waiting: `${bytes(size)} · Waits for its turn`,
    sending: `${bytes(size)} · ${percent} %`,
    held: `${bytes(size)} · Goes on when you are signed in again`,
    done: `${bytes(size)} · Uploaded`,
    canceled: `${bytes(size)} · Not uploaded`,
    failed: photo.reason ?? "It could not be uploaded.",
  }[status];
  return (
    <>
      <p className={classNames("text-xs tabular-nums", status === "failed" ? "text-red" : "text-muted")}>
        {isMain && <span className="font-semibold text-ink">Main photo · </span>}
        {words}
      </p>
      {/* The bar keeps its room, so that nothing moves when it goes. */}
      <div className="mt-1.5 h-1.5">
        {(status === "sending" || status === "waiting") && <ProgressBar value={percent} label={`Upload of ${name}`} />}
      </div>
    </>
  );
}
