import { CornerUpRight, Folder } from "lucide-react";
import type { DriveFile, DriveFileList } from "@/api/schema";
import { type DriveChoice, type DrivePlace, MOST_PHOTOS } from "./choice";
import { ImageGrid } from "./image-grid";
import { MoreFiles } from "./more-files";

interface FolderContentsProps {
  pages: DriveFileList[];
  text: string;
  choice: DriveChoice;
  onGo: (place: DrivePlace) => void;
  onToggle: (file: DriveFile) => void;
  hasMore: boolean;
  isFetchingMore: boolean;
  onMore: () => void;
}

/** The folders and pictures of a place. */
export function FolderContents(props: FolderContentsProps) {
  const { pages, text, choice, onGo, onToggle } = props;
  const files = pages.flatMap((page) => page.data);
  const folders = files.filter(({ kind }) => kind === "folder");
  const images = files.filter(({ kind }) => kind === "image");
  const isIncomplete = pages.some((page) => page.is_incomplete);
  return (
    <>
      {folders.length > 0 && (
        <ul aria-label="Folders" className="mt-2 grid gap-2 sm:grid-cols-2 lg:grid-cols-3">
          {folders.map((folder, index) => (
            // A folder and a shortcut to it have the same id.
            <li key={`${folder.id} ${index}`}>
              <FolderButton folder={folder} onGo={onGo} />
            </li>
          ))}
        </ul>
      )}
      {images.length > 0 && <ImageGrid images={images} choice={choice} onToggle={onToggle} />}
      {choice.files.length >= MOST_PHOTOS && (
        <p role="status" className="mt-3 text-sm text-muted">
          Eight photos are chosen, which is the most. Take one out to choose another.
        </p>
      )}
      {files.length === 0 && !props.hasMore && (
        <p className="px-4 py-10 text-center text-sm text-muted">
          {text
            ? `Nothing is called “${text}”. Names are searched from the beginning of each word.`
            : "No folders and no pictures here. Look in another folder, or search by name."}
        </p>
      )}
      {isIncomplete && (
        <p className="mt-3 text-sm text-muted">Google has not looked everywhere. A longer text finds more.</p>
      )}
      {props.hasMore && <MoreFiles isFetching={props.isFetchingMore} onMore={props.onMore} />}
    </>
  );
}

interface FolderButtonProps {
  folder: DriveFile;
  onGo: (place: DrivePlace) => void;
}

function FolderButton({ folder, onGo }: FolderButtonProps) {
  const { id, name, resource_key, is_shortcut: isShortcut } = folder;
  return (
    <button
      type="button"
      onClick={() => onGo({ folder: id, ...(resource_key && { resource_key }) })}
      className="flex min-h-11 w-full items-center gap-3 rounded-md border border-hairline px-3 py-2 text-left text-sm hover:border-ink"
    >
      <Folder aria-hidden="true" className="size-5 shrink-0 text-muted" strokeWidth={1.5} />
      <span className="min-w-0 flex-1 truncate" title={name}>
        {name}
      </span>
      {isShortcut && (
        <span title="A shortcut">
          <CornerUpRight aria-hidden="true" className="size-4 text-muted" strokeWidth={1.5} />
          <span className="sr-only">shortcut</span>
        </span>
      )}
    </button>
  );
}
