import { CornerUpRight, ImageIcon } from "lucide-react";
import { type KeyboardEvent, useRef, useState } from "react";
import type { DriveFile } from "@/api/schema";
import { classNames } from "@/lib/class-names";
import { bytes } from "@/lib/format";
import { type DriveChoice, MOST_PHOTOS, type Unusable, unusable } from "./choice";

const reasons: Record<Unusable, string> = {
  not_downloadable: "Its owner does not let it be downloaded",
  too_large: "Larger than 50 MB",
  wrong_type: "Not JPEG, PNG or WebP",
};

interface ImageGridProps {
  images: DriveFile[];
  choice: DriveChoice;
  onToggle: (file: DriveFile) => void;
}

/** Where the arrow keys lead, in a grid whose width the browser decides. */
function stepOf(key: string, columns: number): number {
  const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
  return steps[key] ?? 0;
}

/** Pictures to choose from: one stop of the Tab key, arrows within, Space or Return chooses. */
export function ImageGrid({ images, choice, onToggle }: ImageGridProps) {
  const [current, setCurrent] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const focusOn = (index: number) => {
    const aim = Math.min(Math.max(index, 0), images.length - 1);
    setCurrent(aim);
    list.current?.querySelectorAll<HTMLElement>("[role=option]")[aim]?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const file = images[current];
    if ((event.key === " " || event.key === "Enter") && file) onToggle(file);
    else if (event.key === "Home") focusOn(0);
    else if (event.key === "End") focusOn(images.length - 1);
    else if (stepOf(event.key, 1)) focusOn(current + stepOf(event.key, columnsOf(list.current)));
    else return;
    event.preventDefault();
  };
  return (
    <div
      ref={list}
      role="listbox"
      tabIndex={-1}
      aria-label="Pictures"
      aria-multiselectable="true"
      onKeyDown={onKeyDown}
      className="mt-4 grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-4"
    >
      {images.map((image, index) => (
        <ImageTile
          // A picture and a shortcut to it have the same id.
          key={`${image.id} ${index}`}
          image={image}
          position={choice.files.findIndex(({ id }) => id === image.id)}
          isFull={choice.files.length >= MOST_PHOTOS}
          isCurrent={index === Math.min(current, images.length - 1)}
          onToggle={() => {
            setCurrent(index);
            onToggle(image);
          }}
        />
      ))}
    </div>
  );
}

function columnsOf(list: HTMLElement | null): number {
  const tiles = [...(list?.querySelectorAll<HTMLElement>("[role=option]") ?? [])];
  const columns = tiles.findIndex((tile) => tile.offsetTop !== tiles[0]?.offsetTop);
  return columns > 0 ? columns : Math.max(1, tiles.length);
}

interface ImageTileProps {
  image: DriveFile;
  /** Where it stands among those chosen, from 0; less where it does not. */
  position: number;
  isFull: boolean;
  isCurrent: boolean;
  onToggle: () => void;
}

function ImageTile({ image, position, isFull, isCurrent, onToggle }: ImageTileProps) {
  const reason = unusable(image);
  const isChosen = position >= 0;
  const isOff = reason !== undefined || (isFull && !isChosen);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys
    <div
      role="option"
      tabIndex={isCurrent ? 0 : -1}
      aria-selected={isChosen}
      aria-disabled={isOff || undefined}
      onClick={onToggle}
      className={classNames("group rounded-md", isOff ? "cursor-not-allowed" : "cursor-pointer")}
    >
      <div
        className={classNames(
          "relative aspect-square overflow-hidden rounded-md border-2 bg-hairline/40",
          isChosen ? "border-red" : "border-hairline",
          !isOff && !isChosen && "group-hover:border-ink",
        )}
      >
        <Picture image={image} isOff={isOff} />
        {isChosen && (
          <span className="absolute top-2 left-2 inline-flex size-7 items-center justify-center rounded-full bg-red text-xs font-semibold text-on-red tabular-nums">
            {position + 1}
          </span>
        )}
        {image.is_shortcut && (
          <span className="absolute right-2 bottom-2 rounded-full bg-surface p-1" title="A shortcut">
            <CornerUpRight aria-hidden="true" className="size-4" strokeWidth={1.5} />
            <span className="sr-only">shortcut</span>
          </span>
        )}
      </div>
      <p className="mt-1 truncate text-xs" title={image.name}>
        {image.name}
      </p>
      <p className={classNames("text-xs", reason ? "text-amber" : "text-muted")}>
        {reason ? reasons[reason] : image.bytes ? bytes(image.bytes) : "\u00a0"}
      </p>
    </div>
  );
}

function Picture({ image, isOff }: { image: DriveFile; isOff: boolean }) {
  const [isBroken, setIsBroken] = useState(false);
  if (!image.thumbnail_url || isBroken) {
    return <ImageIcon aria-hidden="true" className="absolute inset-0 m-auto size-8 text-muted" strokeWidth={1.5} />;
  }
  return (
    <img
      src={image.thumbnail_url}
      alt=""
      loading="lazy"
      onError={() => setIsBroken(true)}
      className={classNames("size-full object-contain", isOff && "opacity-50")}
    />
  );
}
