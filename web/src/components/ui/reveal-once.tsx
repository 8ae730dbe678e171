import { useState } from "react";
import { Button } from "./button";
import { CopyButton } from "./copy-button";
import { Dialog } from "./dialog";
import { TextField } from "./field";

interface RevealOnceProps {
  /** What is shown, while it is; `undefined` closes the dialog. */
  secret: string | undefined;
  title: string;
  /** What to do with it. */
  description: string;
  /** What it is: "key". */
  what: string;
  onDone: () => void;
}

/**
 * Shows a secret the only time that it can be seen. It stays open until the person says that they have it, and the secret is
 * nowhere but in the state of whoever shows this.
 */
export function RevealOnce({ secret, title, description, what, onDone }: RevealOnceProps) {
  const [isKept, setIsKept] = useState(false);
  return (
    <Dialog open={secret !== undefined} isSticky title={title} description={description}>
      <TextField
        className="mt-4"
        label={`Your ${what}`}
        readOnly
        value={secret ?? ""}
        onFocus={(event) => event.currentTarget.select()}
        spellCheck={false}
        autoComplete="off"
      />
      <div className="mt-3">
        <CopyButton text={secret ?? ""} what={what} kind="primary" />
      </div>
      <label className="mt-6 flex min-h-11 items-center gap-3 text-sm">
        <input
          type="checkbox"
          className="size-5"
          checked={isKept}
          onChange={(event) => setIsKept(event.target.checked)}
        />
        I have stored the {what} in a safe place
      </label>
      <div className="mt-3 flex justify-end">
        <Button
          kind="secondary"
          disabled={!isKept}
          onClick={() => {
            setIsKept(false);
            onDone();
          }}
        >
          Done
        </Button>
      </div>
    </Dialog>
  );
}
