import { useState } from "react";
import type { Image, Job } from "@/api/schema";
import { classNames } from "@/lib/class-names";
import { ownPath } from "@/lib/own-address";
import { photoPath } from "../photos";
import { FittedBox } from "./picture-stage";

interface CompareStageProps {
  job: Job;
  image: Image;
}

const label =
  "pointer-events-none absolute top-2 rounded-md border border-hairline bg-surface px-2 py-0.5 text-xs font-semibold";

/** The photo and the image in one place, under a divider that a slider moves. */
export function CompareStage({ job, image }: CompareStageProps) {
  const [divider, setDivider] = useState(50);
  const [photo, setPhoto] = useState(job.photos?.[0]?.index ?? 0);
  return (
    <div className="absolute inset-0 flex flex-col">
      <div className="relative min-h-0 flex-1">
        <FittedBox image={image}>
          <div className="absolute inset-0 overflow-hidden bg-paper">
            <Photo key={photo} path={photoPath(job, photo)} />
          </div>
          <img
            src={ownPath(image.url ?? "")}
            alt={image.alt ?? ""}
            draggable={false}
            className="absolute inset-0 size-full"
            style={{ clipPath: `inset(0 0 0 ${divider}%)` }}
          />
          <span className={classNames(label, "left-2", divider < 15 && "opacity-0")}>Photo</span>
          <span className={classNames(label, "right-2", divider > 85 && "opacity-0")}>Image</span>
          <input
            type="range"
            min={0}
            max={100}
            value={divider}
            onChange={(event) => setDivider(Number(event.target.value))}
            aria-label="How much of the photo is shown"
            aria-valuetext={`${divider} % photo`}
            className="peer absolute inset-0 z-1 m-0 size-full cursor-ew-resize touch-none opacity-0"
          />
          <span
            aria-hidden="true"
            className="pointer-events-none absolute inset-y-0 w-0.5 -translate-x-1/2 bg-red outline-offset-2 outline-red peer-focus-visible:outline-2"
            style={{ left: `${divider}%` }}
          >
            <span className="absolute top-1/2 left-1/2 flex size-9 -translate-1/2 items-center justify-center rounded-full bg-red text-sm font-semibold text-on-red">
              ↔
            </span>
          </span>
        </FittedBox>
      </div>
      {(job.photos?.length ?? 0) > 1 && <PhotoChoice {...{ job, photo, setPhoto }} />}
    </div>
  );
}

function Photo({ path }: { path: string }) {
  const [isGone, setIsGone] = useState(false);
  if (isGone) {
    return (
      <p className="absolute inset-y-0 left-0 flex w-1/2 items-center justify-center p-4 text-center text-sm text-muted">
        The photo is no longer kept. Photos are removed after 7 days.
      </p>
    );
  }
  return (
    <img
      src={path}
      alt="The product as you sent it"
      draggable={false}
      onError={() => setIsGone(true)}
      className="absolute inset-0 size-full object-contain"
    />
  );
}

interface PhotoChoiceProps {
  job: Job;
  photo: number;
  setPhoto: (index: number) => void;
}

function PhotoChoice({ job, photo, setPhoto }: PhotoChoiceProps) {
  return (
    <div className="flex shrink-0 flex-wrap justify-center gap-2 px-4 pb-4">
      {job.photos.map(({ index }) => (
        <button
          key={index}
          type="button"
          aria-pressed={index === photo}
          onClick={() => setPhoto(index)}
          className={classNames(
            "min-h-11 rounded-md border px-3 text-sm",
            index === photo ? "border-red font-semibold" : "border-edge hover:border-ink",
          )}
        >
          Photo {index + 1}
        </button>
      ))}
    </div>
  );
}
