import type { ReactNode } from "react";
import { asProblem } from "@/api/problem";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { ProblemNotice } from "./problem-notice";

interface ConfirmDialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  description: ReactNode;
  /** The verb on the button: "Revoke key". */
  action: string;
  onConfirm: () => void;
  isBusy: boolean;
  error: unknown;
  /** Whether something is destroyed by it. */
  isDangerous?: boolean;
  children?: ReactNode;
}

/** Asks once more before something that cannot be undone. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  return (
    <Dialog open={props.open} onClose={props.onClose} title={props.title} description={props.description}>
      {props.children}
      {props.error ? <ProblemNotice problem={asProblem(props.error)} className="mt-4" /> : null}
      <div className="mt-6 flex flex-wrap justify-end gap-3">
        <Button kind="secondary" onClick={props.onClose}>
          Keep it
        </Button>
        <Button
          kind={props.isDangerous === false ? "primary" : "danger"}
          onClick={props.onConfirm}
          isBusy={props.isBusy}
        >
          {props.action}
        </Button>
      </div>
    </Dialog>
  );
}
