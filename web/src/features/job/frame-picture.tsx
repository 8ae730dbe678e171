import { ImageOff } from "lucide-react";
import { useState } from "react";
import { Spinner } from "@/components/ui/spinner";
import { classNames } from "@/lib/class-names";
import { ownPath } from "@/lib/own-address";
import type { Frame } from "./job-state";
import { frameWords } from "./words";

interface FramePictureProps {
  frame: Frame;
  /** Whether the frame is lower than two lines are. */
  isWide: boolean;
}

/** What is in a frame: its picture, or why there is none. It fills the frame, whatever it is. */
export function FramePicture({ frame, isWide }: FramePictureProps) {
  const { image, isBeingRetried } = frame;
  if (image?.thumbnail_url) {
    return (
      <>
        {/* A new take has an address of its own, and develops anew. */}
        <Developing
          key={image.thumbnail_url}
          url={image.thumbnail_url}
          alt={image.alt ?? ""}
          isDimmed={isBeingRetried}
        />
        {isBeingRetried && (
          <span className="absolute inset-x-2 bottom-2 flex items-center justify-center gap-1.5 rounded-md border border-hairline bg-surface px-2 py-1 text-xs font-semibold">
            <Spinner className="size-3.5 shrink-0" />
            Being made again
          </span>
        )}
      </>
    );
  }
  const isBusy = isBeingRetried || frame.state === "being_made";
  const hasFailed = frame.state === "failed" && !isBeingRetried;
  return (
    <span
      className={classNames(
        "absolute inset-0 flex items-center justify-center gap-2 overflow-hidden px-2 text-center text-xs",
        !isWide && "flex-col",
        hasFailed ? "text-red" : "text-muted",
      )}
    >
      {isBusy && <Spinner className="size-5 shrink-0" />}
      {hasFailed && <ImageOff aria-hidden="true" className="size-5 shrink-0" strokeWidth={1.5} />}
      <span>{frameWords(frame)}</span>
    </span>
  );
}

interface DevelopingProps {
  url: string;
  alt: string;
  isDimmed: boolean;
}

function Developing({ url, alt, isDimmed }: DevelopingProps) {
  const [state, setState] = useState<"loading" | "there" | "lost">("loading");
  if (state === "lost") {
    return (
      <span className="absolute inset-0 flex items-center justify-center px-2 text-center text-xs text-muted">
        The preview did not load
      </span>
    );
  }
  return (
    <img
      src={ownPath(url)}
      alt={alt}
      decoding="async"
      onLoad={() => setState("there")}
      onError={() => setState("lost")}
      className={classNames(
        "absolute inset-0 size-full object-contain transition-opacity",
        state === "loading" && "opacity-0",
        state === "there" && "animate-develop",
        isDimmed && "opacity-40",
      )}
    />
  );
}
