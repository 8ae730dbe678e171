import { useEffect, useState, useSyncExternalStore } from "react";
import { useSessionHasEnded } from "@/features/session/session-state";
import { Uploader } from "./uploader";

/** The uploader of this page, which lets go of everything when the page goes. */
export function useUploader() {
  const [uploader] = useState(() => new Uploader());
  const state = useSyncExternalStore(uploader.subscribe, uploader.state);
  const hasEnded = useSessionHasEnded();
  useEffect(() => {
    if (!hasEnded) uploader.resume();
  }, [hasEnded, uploader]);
  useEffect(() => () => uploader.clear(), [uploader]);
  return { uploader, ...state };
}
