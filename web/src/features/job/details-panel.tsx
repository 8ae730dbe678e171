import { Fragment, type ReactNode } from "react";
import type { Job } from "@/api/schema";
import { CopyButton } from "@/components/ui/copy-button";
import { TimeText } from "@/components/ui/time-text";
import { exactTime, plural } from "@/lib/format";
import { DriveDetails, SavedToDriveDetails } from "./drive-details";
import { isRunning } from "./job-state";
import { PhotoStrip } from "./photo-strip";

const onLate: Record<NonNullable<Job["on_late"]>, string> = {
  fail: "the batch is stopped and the job fails",
  wait: "it waits for the batch, for up to 48 hours",
  fallback: "the images are made one by one, at twice the price",
};

/** What was asked for, and what else is known of the job. */
export function DetailsPanel({ job }: { job: Job }) {
  const { product } = job;
  return (
    <section aria-labelledby="details" className="panel min-w-0 p-4 sm:p-6">
      <h2 id="details" className="text-base font-semibold">
        Details
      </h2>
      {(job.photos?.length ?? 0) > 0 && <PhotoStrip job={job} />}
      <dl className="mt-5 grid gap-x-8 gap-y-4 text-sm sm:grid-cols-[9rem_1fr]">
        <Detail name="Description">{product?.description}</Detail>
        <Detail name="Brand">{product?.brand}</Detail>
        <Detail name="Category">{product?.category}</Detail>
        <Detail name="Language">{product?.language}</Detail>
        <Detail name="Brief">{job.brief}</Detail>
        <Detail name="Style">{job.style}</Detail>
        <Detail name="Settings">
          {[plural(job.count, "image"), job.aspect_ratio, job.image_size].filter(Boolean).join(", ")}
        </Detail>
        <Detail name="Deadline">{job.deadline && <Deadline job={job} deadline={job.deadline} />}</Detail>
        <Detail name="Made one by one">
          {job.fallback_at && (
            <>
              Since <TimeText moment={job.fallback_at} />, because the batch was late.
            </>
          )}
        </Detail>
        <Detail name="Photos from">{job.drive && <DriveDetails drive={job.drive} />}</Detail>
        <Detail name="Google Drive">{job.saved_to_drive && <SavedToDriveDetails saved={job.saved_to_drive} />}</Detail>
        <Detail name="Labels">
          {job.metadata && Object.keys(job.metadata).length > 0 && <Labels of={job.metadata} />}
        </Detail>
        <Detail name="Job id">
          <span className="flex flex-wrap items-center gap-x-2">
            <code className="font-mono text-xs break-all">{job.id}</code>
            <CopyButton text={job.id} what="id" kind="quiet" />
          </span>
        </Detail>
      </dl>
    </section>
  );
}

/** Left out where there is nothing to say. */
function Detail({ name, children }: { name: string; children: ReactNode }) {
  if (!children) return null;
  return (
    <div className="sm:contents">
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 break-words whitespace-pre-line">{children}</dd>
    </div>
  );
}

function Deadline({ job, deadline }: { job: Job; deadline: string }) {
  return (
    <>
      {isRunning(job) ? <TimeText moment={deadline} /> : exactTime(deadline)}
      {isRunning(job) && job.on_late && `; after that, ${onLate[job.on_late]}`}
    </>
  );
}

function Labels({ of }: { of: Record<string, string> }) {
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 font-mono text-xs leading-6">
      {Object.entries(of).map(([name, value]) => (
        <Fragment key={name}>
          <dt className="break-all text-muted">{name}</dt>
          <dd className="break-all">{value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}
