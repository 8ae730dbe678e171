import { useEffect, useState, useSyncExternalStore } from "react";
import { useSessionHasEnded } from "@/features/session/session-state";
import { keepPhotos, keptPhotos } from "./kept-photos";
import { Uploader } from "./uploader";

/** The uploader of this page, which keeps what is uploaded and lets go of the rest when the page goes. */
export function useUploader(from: string | null) {
  const [uploader] = useState(() => new Uploader(keptPhotos(from)));
  const state = useSyncExternalStore(uploader.subscribe, uploader.state);
  const hasEnded = useSessionHasEnded();
  useEffect(() => {
    if (!hasEnded) uploader.resume();
  }, [hasEnded, uploader]);
  useEffect(() => () => uploader.release(), [uploader]);
  const { photos } = state;
  useEffect(() => keepPhotos(from, photos), [from, photos]);
  return { uploader, ...state };
}
