/** Whether the session has ended under the page's feet, for everything that wants to know. */
import { useSyncExternalStore } from "react";
import { forgetAll, keep, kept } from "@/lib/browser-storage";

type Listener = () => void;

let hasEnded = false;
const listeners = new Set<Listener>();

/** The name of the channel on which windows of the page tell each other that somebody has signed in. */
const CHANNEL = "packshot:session";

function set(value: boolean) {
  if (hasEnded === value) return;
  hasEnded = value;
  for (const listener of listeners) listener();
}

/** To be called when the API says that nobody is signed in. */
export function sessionEnded() {
  set(true);
}

/** To be called when somebody is signed in again. */
export function sessionIsBack() {
  set(false);
}

/** Whether the session has ended. */
export function useSessionHasEnded(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => hasEnded,
  );
}

/** Tells the other windows that somebody has signed in. */
export function tellSignedIn() {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage("signed-in");
  channel.close();
}

/** Calls back when another window tells so; answers how to stop listening. */
export function onSignedIn(listener: Listener): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = listener;
  return () => channel.close();
}

/** Whose the drafts of this window are. */
const OWNER = "packshot:owner";

/**
 * Keeps the drafts of this window for whoever is signed in. Where they are another person's, they are gone, and so must be
 * what the window shows of them: then the answer is true.
 */
export function takesOver(userId: string): boolean {
  const before = kept("tab", OWNER);
  const isAnother = before !== undefined && before !== userId;
  if (isAnother) forgetAll("tab");
  keep("tab", OWNER, userId);
  return isAnother;
}
