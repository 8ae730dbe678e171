import type { KeyboardEvent } from "react";
import type { Image, Job } from "@/api/schema";
import { classNames } from "@/lib/class-names";
import { FrameCard } from "./frame-card";
import { framesOf, ratioOf } from "./job-state";

interface ContactSheetProps {
  job: Job;
  pick: string | undefined;
  onPick: (imageId: string) => void;
  onOpen: (index: number) => void;
  onRetry: (image: Image) => void;
}

/** Frames so wide that five beside each other could not be made out. */
const WIDE = 2;

/** The ten frames on the light table, there from the first moment in the ratio that was asked for. */
export function ContactSheet({ job, pick, onPick, onOpen, onRetry }: ContactSheetProps) {
  const isWide = ratioOf(job.aspect_ratio ?? job.images[0]?.aspect_ratio) >= WIDE;
  return (
    <section aria-labelledby="contact-sheet" className="panel mt-8 p-4 sm:p-6">
      <h2 id="contact-sheet" className="sr-only">
        Contact sheet
      </h2>
      <ol
        onKeyDown={moveFocus}
        className={classNames(
          "grid gap-x-4 gap-y-6",
          isWide ? "grid-cols-1 md:grid-cols-2" : "grid-cols-2 sm:grid-cols-3 md:grid-cols-4 lg:grid-cols-5",
        )}
      >
        {framesOf(job).map((frame) => (
          <FrameCard
            key={frame.index}
            isPicked={frame.image !== undefined && frame.image.id === pick}
            {...{ job, frame, onPick, onOpen, onRetry }}
          />
        ))}
      </ol>
    </section>
  );
}

/** Left and right go to the frame before and after the one that has the focus, and around the ends. */
function moveFocus(event: KeyboardEvent<HTMLOListElement>) {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!step || !(event.target instanceof HTMLElement) || !event.target.matches("[data-frame]")) return;
  const frames = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-frame]")];
  const next = frames[(frames.indexOf(event.target) + step + frames.length) % frames.length];
  event.preventDefault();
  next?.focus();
}
