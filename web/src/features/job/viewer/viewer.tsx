import { useEffect, useId, useRef } from "react";
import type { Image, Job } from "@/api/schema";
import { type FrameWithImage, framesOf } from "../job-state";
import { ViewerContent } from "./viewer-content";

interface ViewerProps {
  job: Job;
  /** Which place of the contact sheet is open; `undefined` closes it. */
  index: number | undefined;
  pick: string | undefined;
  onPick: (imageId: string) => void;
  onMove: (index: number) => void;
  onClose: () => void;
  onRetry: (image: Image) => void;
}

/** The images one by one, as large as the window. It is the browser's own modal dialog. */
export function Viewer({ job, index, pick, onPick, onMove, onClose, onRetry }: ViewerProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const frames = framesOf(job).filter((frame): frame is FrameWithImage => frame.image !== undefined);
  const place = frames.findIndex((frame) => frame.index === index);
  const frame = frames[place];
  const isOpen = frame !== undefined;
  useEffect(() => {
    const element = dialog.current;
    if (!element || element.open === isOpen) return;
    if (isOpen) element.showModal();
    else element.close();
  }, [isOpen]);
  useFocusOnTheWayBack(frame?.index);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      onCancel={(event) => {
        // A cancel of what is inside, such as a chooser of files, is none of the dialog's.
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        onClose();
      }}
      // The browser closes a dialog itself when Escape is pressed twice.
      onClose={() => isOpen && onClose()}
      className="m-0 h-dvh max-h-none w-dvw max-w-none overflow-hidden border-0 bg-paper p-0 backdrop:bg-paper"
    >
      {frame && <ViewerContent {...{ job, frame, frames, place, pick, onPick, onMove, onClose, onRetry, titleId }} />}
    </dialog>
  );
}

/** Gives the focus back to the frame of the image that was looked at last, which need not be the one that was opened. */
function useFocusOnTheWayBack(index: number | undefined) {
  const last = useRef(index);
  useEffect(() => {
    if (index === undefined && last.current !== undefined) {
      document.querySelector<HTMLElement>(`[data-frame="${last.current}"]`)?.focus();
    }
    last.current = index;
  }, [index]);
}
