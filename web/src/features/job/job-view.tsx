import { type ReactNode, useState } from "react";
import type { Image, Job } from "@/api/schema";
import { ContactSheet } from "./contact-sheet";
import { CostPanel } from "./cost-panel";
import { DetailsPanel } from "./details-panel";
import { JobHeader } from "./job-header";
import { JobNotices } from "./job-notices";
import { KeysDialog } from "./keys-dialog";
import { RetryDialog } from "./retry-dialog";
import { TimelinePanel } from "./timeline-panel";
import { useHelpKey } from "./use-help-key";
import { useNews } from "./use-news";
import { useOpenImage } from "./use-open-image";
import { usePick } from "./use-pick";
import { Viewer } from "./viewer/viewer";

interface JobViewProps {
  job: Job;
  /** What is to be said before everything else. */
  children?: ReactNode;
}

export function JobView({ job, children }: JobViewProps) {
  const [pick, onPick] = usePick(job.id);
  const [retriedId, setRetriedId] = useState<string>();
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  const { index, open, move, close } = useOpenImage();
  useHelpKey(() => setIsHelpOpen(true));
  const news = useNews(job);
  const onRetry = (image: Image) => setRetriedId(image.id);
  return (
    <>
      <JobHeader job={job} onHelp={() => setIsHelpOpen(true)} />
      <p role="status" className="sr-only">
        {news}
      </p>
      {children}
      <JobNotices job={job} onRetry={onRetry} />
      <ContactSheet {...{ job, pick, onPick, onRetry }} onOpen={open} />
      <div className="mt-8 grid items-start gap-6 lg:grid-cols-[1fr_20rem]">
        <DetailsPanel job={job} />
        <div className="grid gap-6 max-lg:order-first sm:max-lg:grid-cols-2">
          <TimelinePanel job={job} />
          <CostPanel job={job} />
        </div>
      </div>
      <Viewer {...{ job, index, pick, onPick, onRetry }} onMove={move} onClose={close} />
      <RetryDialog
        job={job}
        image={job.images.find(({ id }) => id === retriedId)}
        onClose={() => setRetriedId(undefined)}
      />
      <KeysDialog open={isHelpOpen} onClose={() => setIsHelpOpen(false)} />
    </>
  );
}
