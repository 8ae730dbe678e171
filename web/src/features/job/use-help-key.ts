import { useEffect, useEffectEvent } from "react";

/** Calls back when `?` is pressed anywhere but where somebody writes. */
export function useHelpKey(onHelp: () => void) {
  const help = useEffectEvent(onHelp);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== "?" || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof Element && event.target.matches("input:not([type=range]), textarea, select")) return;
      event.preventDefault();
      help();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}
