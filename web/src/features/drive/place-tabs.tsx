import { classNames } from "@/lib/class-names";
import type { DrivePlace } from "./choice";

const places = [
  { folder: "root", name: "My Drive" },
  { folder: "shared_with_me", name: "Shared with me" },
  { folder: "shared_drives", name: "Shared drives" },
];

interface PlaceTabsProps {
  /** The top that one is below, or at. */
  top: string;
  onGo: (place: DrivePlace) => void;
}

/** The three tops of a Drive. */
export function PlaceTabs({ top, onGo }: PlaceTabsProps) {
  return (
    <nav aria-label="Places in Google Drive" className="-mx-2 flex flex-wrap">
      {places.map((place) => (
        <button
          key={place.folder}
          type="button"
          aria-current={place.folder === top || undefined}
          onClick={() => onGo({ folder: place.folder })}
          className={classNames(
            "min-h-11 border-b-2 px-2 text-sm",
            place.folder === top ? "border-red font-semibold" : "border-transparent text-muted hover:text-ink",
          )}
        >
          {place.name}
        </button>
      ))}
    </nav>
  );
}
