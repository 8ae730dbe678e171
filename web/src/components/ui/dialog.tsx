import { X } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { classNames } from "@/lib/class-names";
import { IconButton } from "./button";

interface DialogProps {
  open: boolean;
  /** Called when the person wants it closed; not needed where it is sticky. */
  onClose?: () => void;
  title: string;
  description?: ReactNode;
  children?: ReactNode;
  /** Stays open on Escape and on a click beside it: something is shown once, or has to be done first. */
  isSticky?: boolean;
  className?: string;
}

/**
 * A modal dialog. It is the browser's own: focus stays inside, goes back to where it was, and no style is put into the page
 * that the content security policy would refuse (docs/decisions/0025).
 */
export function Dialog({ open, onClose, title, description, children, isSticky = false, className }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const element = dialog.current;
    if (!element || element.open === open) return;
    if (open) {
      element.showModal();
      return;
    }
    element.close();
    // The button that opened it may be gone with what it was about: then the page's heading is where to go on.
    if (document.activeElement === document.body) {
      document.querySelector<HTMLElement>("h1[tabindex]")?.focus({ preventScroll: true });
    }
  }, [open]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click beside the dialog is Escape for the pointer
    <dialog
      ref={dialog}
      aria-labelledby={`${id}-title`}
      {...(description && { "aria-describedby": `${id}-description` })}
      onCancel={(event) => {
        event.preventDefault();
        if (!isSticky) onClose?.();
      }}
      // A browser lets nobody be held: after some presses of Escape it closes a dialog without asking. What is shown once
      // would be gone with it.
      onClose={() => {
        if (!open || dialog.current?.open) return;
        if (isSticky) dialog.current?.showModal();
        else onClose?.();
      }}
      onClick={(event) => {
        if (event.target === dialog.current && !isSticky) onClose?.();
      }}
      className={classNames(
        "max-h-[90dvh] w-full max-w-lg overflow-auto rounded-md border border-hairline bg-surface p-0 backdrop:bg-black/60",
        "max-sm:mb-0 max-sm:max-w-none",
        className,
      )}
    >
      {open && (
        <div className="p-6">
          <div className="flex items-start justify-between gap-4">
            <h2 id={`${id}-title`} className="text-lg font-semibold">
              {title}
            </h2>
            {!isSticky && onClose && (
              <IconButton label="Close" onClick={onClose} className="-mt-2 -mr-2">
                <X aria-hidden="true" className="size-5" strokeWidth={1.5} />
              </IconButton>
            )}
          </div>
          {description && (
            <div id={`${id}-description`} className="mt-2 text-sm text-muted">
              {description}
            </div>
          )}
          {children}
        </div>
      )}
    </dialog>
  );
}
