import { Download } from "lucide-react";
import { Link } from "react-router";
import type { Job } from "@/api/schema";
import { paths } from "@/app/paths";
import { Badge } from "@/components/ui/badge";
import { ProgressBar } from "@/components/ui/progress-bar";
import { TimeText } from "@/components/ui/time-text";
import { archiveFileName } from "@/features/job/file-name";
import { IconAnchor } from "@/features/job/icon-anchor";
import { isBeingRetried, isRunning, jobTitle, readyCount } from "@/features/job/job-state";
import { statusTones, statusWords } from "@/features/job/words";
import { plural, usd } from "@/lib/format";
import { ownPath } from "@/lib/own-address";
import { Thumbnails } from "./thumbnails";

/** One job of the list. All of it leads to the job's page. */
export function JobRow({ job }: { job: Job }) {
  const title = jobTitle(job);
  const stage = stageOf(job);
  const cost = costWords(job);
  return (
    <li className="panel relative flex flex-col gap-x-6 gap-y-3 p-4 transition-colors hover:border-edge sm:flex-row sm:items-center">
      <Thumbnails job={job} />
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h2 className="min-w-0 font-semibold break-words">
            <Link to={paths.job(job.id)} className="after:absolute after:inset-0 after:rounded-md">
              {title}
            </Link>
          </h2>
          <Badge tone={statusTones[job.status]}>{statusWords[job.status]}</Badge>
        </div>
        <p className="mt-1 text-sm text-muted tabular-nums">
          {countWords(job)} · <TimeText moment={job.created_at} className="relative z-1" />
          {cost && ` · ${cost}`}
        </p>
        {stage && <p className="mt-1 line-clamp-2 text-sm break-words text-muted">{stage}</p>}
        {isRunning(job) && <ProgressBar value={job.progress} label={`Progress of ${title}`} className="mt-2 h-1" />}
      </div>
      {job.links.archive && (
        <span className="absolute top-5.5 right-2 sm:static">
          <IconAnchor
            href={ownPath(job.links.archive)}
            download={archiveFileName(job)}
            label={`Download ZIP of ${title}`}
          >
            <Download aria-hidden="true" className="size-5" strokeWidth={1.5} />
          </IconAnchor>
        </span>
      )}
    </li>
  );
}

function countWords(job: Job): string {
  const ready = readyCount(job);
  return job.status === "completed" && ready < job.count
    ? `${ready} of ${plural(job.count, "image")}`
    : plural(job.count, "image");
}

/** What it cost; while it runs, what it is expected to cost. What ended without images has no cost that is known. */
function costWords(job: Job): string | undefined {
  if (job.cost?.actual_usd) return usd(job.cost.actual_usd);
  return job.cost && isRunning(job) ? `about ${usd(job.cost.estimated_usd)}` : undefined;
}

/** How it goes with those that run, and why those that failed did. */
function stageOf(job: Job): string | null | undefined {
  if (isRunning(job)) return job.stage;
  if (job.status === "failed") return job.error?.message;
  const retried = job.images.filter(isBeingRetried).length;
  return retried > 0 ? `${plural(retried, "image")} being made again` : undefined;
}
