import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { hasChosen } from "@/features/drive/choice";
import { useDebounced } from "@/lib/use-debounced";
import { type Draft, drivePhotosOf, pricedOrderOf } from "./draft";
import { estimateQuery, type Wanted } from "./queries";
import type { Photo } from "./upload-queue";

/** How long choices rest before they are priced, in milliseconds. */
const RESTS = 400;

/** What is to be priced, as soon as there are photos. */
function pricedOf(draft: Draft, photos: readonly Photo[]): Wanted | undefined {
  const order = pricedOrderOf(draft);
  if (draft.source === "drive") {
    if (!hasChosen(draft.drive)) return undefined;
    return { source: "drive", body: { drive: drivePhotosOf(draft.drive), save_to_drive: false, ...order } };
  }
  const images = photos.flatMap(({ uploadId }) => uploadId ?? []);
  const areThere = photos.length > 0 && photos.every(({ status }) => status === "done");
  return areThere ? { source: "upload", body: { images, ...order } } : undefined;
}

function missingOf(draft: Draft, photos: readonly Photo[]): string {
  if (draft.source === "drive") return "The price is shown here once photos are chosen.";
  if (photos.length === 0) return "The price is shown here once there are photos.";
  return "The price is shown here once all photos are uploaded.";
}

/** The price of what is chosen, asked for when it has not changed for a moment. */
export function useEstimate(draft: Draft, photos: readonly Photo[]) {
  // As a text, so that it is compared by what it says.
  const mark = JSON.stringify(pricedOf(draft, photos) ?? null);
  const settled = useDebounced(mark, RESTS);
  const wanted = useMemo(() => (JSON.parse(settled) as Wanted | null) ?? undefined, [settled]);
  const query = useQuery(estimateQuery(wanted));
  return { query, wanted, isReady: mark !== "null" && wanted !== undefined, missing: missingOf(draft, photos) };
}
