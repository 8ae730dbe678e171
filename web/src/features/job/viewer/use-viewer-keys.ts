import { useEffect, useEffectEvent } from "react";

/** Keys that are the control's own that has the focus. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches("input, textarea, select");
}

/**
 * The viewer's keys. They are listened for everywhere, because the focus is nowhere after a press on the picture; what lies
 * over the viewer, such as a question, has the keys for itself.
 */
export function useViewerKeys(actionOf: (key: string) => (() => void) | undefined) {
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelectorAll("dialog[open]").length > 1) return;
    const action = actionOf(event.key.length === 1 ? event.key.toLowerCase() : event.key);
    if (!action) return;
    event.preventDefault();
    action();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKeyDown(event);
    document.addEventListener("keydown", listener);
    return () => document.removeEventListener("keydown", listener);
  }, []);
}
