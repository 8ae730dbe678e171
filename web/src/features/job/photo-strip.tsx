import { useState } from "react";
import type { Job } from "@/api/schema";
import { isRunning } from "./job-state";
import { photoPath } from "./photos";

type JobPhoto = Job["photos"][number];

const sources: Record<JobPhoto["source"], string> = {
  upload: "Uploaded",
  url: "From the web",
  drive: "From Google Drive",
};

/** The photos that the images were made from. */
export function PhotoStrip({ job }: { job: Job }) {
  return (
    <ul aria-label="Photos" className="mt-4 flex flex-wrap gap-3">
      {job.photos.map((photo) => (
        <li key={photo.index} className="w-24">
          <Photo job={job} photo={photo} />
          <p className="mt-1 truncate text-xs text-muted" title={photo.name ?? sources[photo.source]}>
            {photo.name ?? sources[photo.source]}
          </p>
        </li>
      ))}
    </ul>
  );
}

function Photo({ job, photo }: { job: Job; photo: JobPhoto }) {
  const [isGone, setIsGone] = useState(false);
  const missing = isGone ? "No longer kept" : isRunning(job) ? "Being fetched" : "Was not fetched";
  return (
    <div className="relative flex size-24 items-center justify-center overflow-hidden rounded-md border border-hairline bg-paper">
      {isGone || !photo.available ? (
        <p className="px-2 text-center text-xs text-muted">{missing}</p>
      ) : (
        <img
          src={photoPath(job, photo.index)}
          alt={`The product as you sent it, ${photo.index + 1}`}
          loading="lazy"
          decoding="async"
          onError={() => setIsGone(true)}
          className="size-full object-contain"
        />
      )}
    </div>
  );
}
