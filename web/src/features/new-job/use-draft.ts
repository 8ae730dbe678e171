import { useCallback, useEffect, useState } from "react";
import { type Draft, emptyDraft, forgetDraft, keepDraft, keptDraft } from "./draft";

export type ChangeDraft = (change: Partial<Draft>) => void;

/** The draft, kept at every change. */
export function useDraft(from: string | null, first: Draft, asked: Partial<Draft>) {
  const [draft, setDraft] = useState<Draft>(() => ({ ...(keptDraft(from) ?? first), ...asked }));
  const [isKept, setIsKept] = useState(true);
  const change = useCallback<ChangeDraft>((part) => setDraft((before) => ({ ...before, ...part })), []);
  useEffect(() => {
    if (isKept) keepDraft(from, draft);
  }, [isKept, from, draft]);
  /** Begins again with nothing. */
  const startOver = useCallback(() => setDraft((before) => ({ ...emptyDraft, source: before.source })), []);
  /** The job has been started: nothing is kept any more. */
  const forget = useCallback(() => {
    setIsKept(false);
    forgetDraft(from);
  }, [from]);
  return { draft, change, startOver, forget };
}
