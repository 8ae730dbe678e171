import type { Job } from "@/api/schema";
import { isRunning } from "@/features/job/job-state";
import { classNames } from "@/lib/class-names";
import { ownPath } from "@/lib/own-address";

const MOST = 4;

/** Up to four of a job's images, each whole in a square of its own; the squares are there before the images are. */
export function Thumbnails({ job }: { job: Job }) {
  const urls = job.images.flatMap((image) => (image.thumbnail_url ? [image.thumbnail_url] : []));
  const more = urls.length - MOST;
  return (
    <div aria-hidden="true" className="flex shrink-0 gap-2 sm:w-70">
      {Array.from({ length: Math.min(MOST, job.count) }, (_, place) => {
        const url = urls[place];
        const key = url ?? place;
        return url ? (
          <span
            key={key}
            className="relative size-14 sm:size-16 overflow-hidden rounded-md border border-hairline bg-paper"
          >
            <img
              src={ownPath(url)}
              alt=""
              loading="lazy"
              decoding="async"
              className="size-full animate-develop object-contain"
            />
            {place === MOST - 1 && more > 0 && (
              <span className="absolute right-0 bottom-0 rounded-tl-md bg-surface px-1.5 text-xs font-semibold tabular-nums">
                +{more}
              </span>
            )}
          </span>
        ) : (
          <span
            key={key}
            className={classNames(
              "size-14 rounded-md border border-dashed sm:size-16",
              isRunning(job) ? "border-edge" : "border-hairline",
            )}
          />
        );
      })}
    </div>
  );
}
