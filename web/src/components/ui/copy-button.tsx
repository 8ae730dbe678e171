import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button, type ButtonKind } from "./button";

/** How long the button says that it has copied, in milliseconds. */
const SAYS_SO = 2000;

interface CopyButtonProps {
  text: string;
  /** What is copied: "key". */
  what: string;
  kind?: ButtonKind;
  className?: string;
}

/** Copies a text, and says so to everybody. */
export function CopyButton({ text, what, kind = "secondary", className }: CopyButtonProps) {
  const [state, setState] = useState<"idle" | "copied" | "refused">("idle");
  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), SAYS_SO);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setState("copied");
    } catch {
      setState("refused");
    }
  };
  const Icon = state === "copied" ? Check : Copy;
  const words = { idle: `Copy ${what}`, copied: "Copied", refused: "Select it and copy by hand" }[state];
  return (
    <Button
      kind={kind}
      {...(className && { className })}
      icon={<Icon aria-hidden="true" className="size-4" strokeWidth={1.5} />}
      onClick={copy}
    >
      <span aria-live="polite">{words}</span>
    </Button>
  );
}
