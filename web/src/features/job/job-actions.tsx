import { CircleHelp, Copy, Download, Trash2, X } from "lucide-react";
import { useState } from "react";
import { useNavigate } from "react-router";
import type { Job } from "@/api/schema";
import { paths } from "@/app/paths";
import { Button, ButtonAnchor, ButtonLink, IconButton } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { plural } from "@/lib/format";
import { ownPath } from "@/lib/own-address";
import { archiveFileName } from "./file-name";
import { isRunning, jobTitle, readyCount } from "./job-state";
import { useCancelJob, useDeleteJob } from "./queries";
import { forgetPick } from "./use-pick";

interface JobActionsProps {
  job: Job;
  onHelp: () => void;
}

const icon = { "aria-hidden": true, className: "size-4", strokeWidth: 1.5 } as const;

/** Where a new job starts from this one. */
export function anotherLike(job: Pick<Job, "id">): string {
  return `${paths.newJob}?from=${encodeURIComponent(job.id)}`;
}

export function JobActions({ job, onHelp }: JobActionsProps) {
  const [asked, setAsked] = useState<"cancel" | "delete">();
  const close = () => setAsked(undefined);
  return (
    <div className="flex flex-wrap items-center gap-3">
      {job.links.archive && (
        <ButtonAnchor
          href={ownPath(job.links.archive)}
          download={archiveFileName(job)}
          icon={<Download {...icon} />}
          className="max-sm:w-full"
        >
          Download ZIP
        </ButtonAnchor>
      )}
      <ButtonLink kind="secondary" to={anotherLike(job)} icon={<Copy {...icon} />}>
        Make another like this
      </ButtonLink>
      {isRunning(job) ? (
        <Button kind="quiet" icon={<X {...icon} />} onClick={() => setAsked("cancel")}>
          Cancel job
        </Button>
      ) : (
        <Button kind="quiet" icon={<Trash2 {...icon} />} onClick={() => setAsked("delete")}>
          Delete job
        </Button>
      )}
      <IconButton label="Keys" onClick={onHelp} className="max-sm:hidden">
        <CircleHelp {...icon} className="size-5" />
      </IconButton>
      <CancelDialog job={job} open={asked === "cancel"} onClose={close} />
      <DeleteDialog job={job} open={asked === "delete"} onClose={close} />
    </div>
  );
}

interface AskProps {
  job: Job;
  open: boolean;
  onClose: () => void;
}

function CancelDialog({ job, open, onClose }: AskProps) {
  const cancel = useCancelJob(job.id);
  const close = () => {
    cancel.reset();
    onClose();
  };
  return (
    <ConfirmDialog
      open={open}
      onClose={close}
      title="Cancel this job?"
      description="Gemini is asked to stop. What it has made by then may be charged, and this job will have no images."
      action="Cancel job"
      onConfirm={() => cancel.mutate(undefined, { onSuccess: close })}
      isBusy={cancel.isPending}
      error={cancel.error}
    />
  );
}

function DeleteDialog({ job, open, onClose }: AskProps) {
  const remove = useDeleteJob(job.id);
  const navigate = useNavigate();
  const ready = readyCount(job);
  const close = () => {
    remove.reset();
    onClose();
  };
  const onSuccess = () => {
    forgetPick(job.id);
    void navigate(paths.jobs, { replace: true });
  };
  return (
    <ConfirmDialog
      open={open}
      onClose={close}
      title={`Delete ${jobTitle(job)}?`}
      description={
        ready > 0
          ? `The job, its photos and ${plural(ready, "image")} are removed, and addresses of the images stop working. This cannot be undone.`
          : "The job and its photos are removed. This cannot be undone."
      }
      action="Delete job"
      onConfirm={() => remove.mutate(undefined, { onSuccess })}
      isBusy={remove.isPending}
      error={remove.error}
    />
  );
}
