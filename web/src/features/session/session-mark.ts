/** A mark in the browser that somebody is signed in. Apart from the rest: the landing page needs it, and nothing else of it. */

import { forget, keep, kept } from "@/lib/browser-storage";

/** Remembered so that the landing page can offer the way back in; it opens nothing. */
const MARK = "packshot:has-session";

/** Whether somebody was signed in here when the page was last used. */
export function hadSession(): boolean {
  return kept("device", MARK) === "yes";
}

/** Notes whether somebody is signed in here. */
export function rememberSession(has: boolean) {
  if (has) keep("device", MARK, "yes");
  else forget("device", MARK);
}
