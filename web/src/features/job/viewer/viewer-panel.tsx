import { Download, RotateCw } from "lucide-react";
import type { ReactNode } from "react";
import type { Image, Job } from "@/api/schema";
import { Button, ButtonAnchor } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Notice } from "@/components/ui/notice";
import { bytes } from "@/lib/format";
import { ownPath } from "@/lib/own-address";
import { imageFileName } from "../file-name";
import type { Frame } from "../job-state";
import { kindWords } from "../words";

interface ViewerPanelProps {
  job: Job;
  frame: Frame;
  image: Image;
  onRetry: () => void;
}

const icon = { "aria-hidden": true, className: "size-4", strokeWidth: 1.5 } as const;

/** What there is to know about an image, and to do with it. */
export function ViewerPanel({ job, frame, image, onRetry }: ViewerPanelProps) {
  const isReady = image.status === "ready";
  return (
    <aside
      aria-label={`About image ${frame.index + 1}`}
      className="shrink-0 border-hairline bg-surface p-4 max-lg:border-t sm:p-6 lg:w-88 lg:overflow-y-auto lg:border-l"
    >
      <Retried {...{ frame, image }} />
      <div className="flex flex-wrap gap-3">
        {image.url && (
          <ButtonAnchor href={ownPath(image.url)} download={imageFileName(job, image)} icon={<Download {...icon} />}>
            Download image
          </ButtonAnchor>
        )}
        {job.status === "completed" && (
          <Button
            kind={isReady ? "secondary" : "primary"}
            icon={<RotateCw {...icon} />}
            disabled={frame.isBeingRetried}
            onClick={onRetry}
          >
            {isReady ? "Make another take" : "Retry image"}
          </Button>
        )}
      </div>
      {image.prompt && <Words name="Prompt" what="prompt" text={image.prompt} />}
      {image.alt && <Words name="Alt text" what="alt text" text={image.alt} />}
      <Facts image={image} />
    </aside>
  );
}

/** What became of the latest retry, where there is something to say. */
function Retried({ frame, image }: { frame: Frame; image: Image }) {
  if (frame.isBeingRetried) {
    const stays = image.status === "ready" ? " This picture stays until the new one is ready." : "";
    return <Notice className="mb-5">{`Gemini is making it again.${stays}`}</Notice>;
  }
  if (image.retry?.status !== "failed") return null;
  return (
    <Notice tone="warning" className="mb-5">
      The last try gave no picture. {image.retry.message} What was there before is kept.
    </Notice>
  );
}

function Words({ name, what, text }: { name: string; what: string; text: string }) {
  return (
    <section className="mt-6">
      <div className="flex items-center justify-between gap-3">
        <h3 className="text-sm font-semibold">{name}</h3>
        <CopyButton text={text} what={what} kind="quiet" className="-mr-4" />
      </div>
      <p className="text-sm break-words whitespace-pre-line text-muted">{text}</p>
    </section>
  );
}

function Facts({ image }: { image: Image }) {
  const kind = kindWords(image.kind);
  const type = image.content_type?.split("/").at(-1)?.toUpperCase();
  return (
    <dl className="mt-6 grid grid-cols-[auto_1fr] gap-x-6 gap-y-1 border-t border-hairline pt-4 text-sm tabular-nums">
      {kind && <Fact name="Kind">{kind}</Fact>}
      {image.width && image.height && (
        <Fact name="Dimensions">
          {image.width} × {image.height} px
        </Fact>
      )}
      <Fact name="Ratio">{image.aspect_ratio}</Fact>
      {image.bytes ? <Fact name="Size">{[bytes(image.bytes), type].filter(Boolean).join(", ")}</Fact> : null}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
