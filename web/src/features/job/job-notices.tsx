import { CircleAlert, RotateCw } from "lucide-react";
import type { ReactNode } from "react";
import type { Image, Job } from "@/api/schema";
import { Button, ButtonLink } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { useMe } from "@/features/session/queries";
import { anotherLike } from "./job-actions";
import { frameNumber, isBeingRetried, isRunning } from "./job-state";
import { partialWords } from "./words";

interface JobNoticesProps {
  job: Job;
  onRetry: (image: Image) => void;
}

/** What the person should know about how the job goes or went. */
export function JobNotices({ job, onRetry }: JobNoticesProps) {
  if (isRunning(job)) return <WeWillWrite />;
  if (job.status === "failed") return <Failed job={job} />;
  if (job.status === "canceled") {
    return (
      <Notice className="mt-4">
        This job was canceled. Photos are kept for 7 days: until then you can make another like it without choosing them
        again.
      </Notice>
    );
  }
  return <Partial {...{ job, onRetry }} />;
}

function WeWillWrite() {
  const me = useMe();
  return (
    <p className="mt-3 text-sm text-muted">
      {`You can close this page. We’ll e-mail ${me.data?.email ?? "you"} when the job has ended.`}
    </p>
  );
}

function Failed({ job }: { job: Job }) {
  const { message, retryable } = job.error ?? {
    message: "The job ended without images.",
    retryable: true,
  };
  return (
    <Panel>
      <p className="font-semibold">There are no images</p>
      <p className="mt-1 break-words">{message}</p>
      <p className="mt-1">
        {retryable
          ? "Trying the same again may help: what went wrong can pass by itself."
          : "The same request would end the same way, so change what is named above first."}
      </p>
      <div className="mt-3">
        <ButtonLink kind="secondary" to={anotherLike(job)}>
          {retryable ? "Try it again" : "Change it and try again"}
        </ButtonLink>
      </div>
    </Panel>
  );
}

function Panel({ children }: { children: ReactNode }) {
  return (
    <div role="alert" className="panel mt-4 flex gap-3 border-l-4 border-l-red p-4 text-sm">
      <CircleAlert aria-hidden="true" className="mt-0.5 size-5 shrink-0 text-red" strokeWidth={1.5} />
      <div className="min-w-0">{children}</div>
    </div>
  );
}

function Partial({ job, onRetry }: JobNoticesProps) {
  const words = partialWords(job.images);
  if (!words) return null;
  const failed = job.images.filter((image) => image.status === "failed");
  return (
    <Notice tone="warning" className="mt-4">
      <p>{words}</p>
      <div className="mt-3 flex flex-wrap gap-3">
        {failed.map((image) => (
          <Button
            key={image.id}
            kind="secondary"
            isBusy={isBeingRetried(image)}
            icon={<RotateCw aria-hidden="true" className="size-4" strokeWidth={1.5} />}
            onClick={() => onRetry(image)}
          >
            {isBeingRetried(image)
              ? `Making image ${frameNumber(image.index)}`
              : `Retry image ${frameNumber(image.index)}`}
          </Button>
        ))}
      </div>
    </Notice>
  );
}
