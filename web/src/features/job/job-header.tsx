import { ChevronLeft } from "lucide-react";
import { Link } from "react-router";
import type { Job } from "@/api/schema";
import { PageHeading } from "@/app/page-heading";
import { paths } from "@/app/paths";
import { Badge } from "@/components/ui/badge";
import { ProgressBar } from "@/components/ui/progress-bar";
import { TimeText } from "@/components/ui/time-text";
import { classNames } from "@/lib/class-names";
import { plural } from "@/lib/format";
import { JobActions } from "./job-actions";
import { isRunning, jobTitle } from "./job-state";
import { statusTones, statusWords } from "./words";

interface JobHeaderProps {
  job: Job;
  onHelp: () => void;
}

/** What the job is, how far it is, and what can be done with it. */
export function JobHeader({ job, onHelp }: JobHeaderProps) {
  const title = jobTitle(job);
  const isUnderWay = isRunning(job);
  return (
    <header>
      <Link to={paths.jobs} className="-ml-1 inline-flex min-h-11 items-center gap-1 text-sm text-muted hover:text-ink">
        <ChevronLeft aria-hidden="true" className="size-4" strokeWidth={1.5} />
        Jobs
      </Link>
      <div className="mt-1 flex flex-wrap items-start justify-between gap-x-8 gap-y-4">
        <div className="min-w-0">
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <PageHeading documentTitle={isUnderWay ? `${job.progress} % · ${title}` : title}>{title}</PageHeading>
            <Badge tone={statusTones[job.status]}>{statusWords[job.status]}</Badge>
          </div>
          <p className="mt-2 text-sm text-muted">
            {[plural(job.count, "image"), job.aspect_ratio, job.image_size].filter(Boolean).join(" · ")}
            {" · "}
            started <TimeText moment={job.created_at} />
          </p>
        </div>
        <JobActions job={job} onHelp={onHelp} />
      </div>
      {/* A failed job says the same in its notice. */}
      <p role="status" className={classNames(job.status !== "failed" && "mt-5 min-h-6.5")}>
        {job.status !== "failed" && job.stage}
      </p>
      {isUnderWay && (
        <div className="mt-2 flex items-center gap-3">
          <ProgressBar value={job.progress} label="Progress of the job" className="flex-1" />
          <span aria-hidden="true" className="w-11 text-right text-sm text-muted tabular-nums">
            {job.progress} %
          </span>
        </div>
      )}
    </header>
  );
}
