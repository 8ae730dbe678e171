import { ChevronRight, FolderCheck } from "lucide-react";
import type { Ref } from "react";
import type { DriveCrumb, DriveFileList } from "@/api/schema";
import { Button } from "@/components/ui/button";
import { type DriveChoice, type DrivePlace, folderOf, withFolder } from "./choice";

interface FolderPathProps {
  ref: Ref<HTMLHeadingElement>;
  pages: DriveFileList[];
  text: string;
  choice: DriveChoice;
  onGo: (place: DrivePlace) => void;
  onChange: (choice: DriveChoice) => void;
}

/** Where one is, the way back up, and the folder as a whole. */
export function FolderPath({ ref, pages, text, choice, onGo, onChange }: FolderPathProps) {
  // The way comes with the first page only.
  const crumbs: DriveCrumb[] = pages[0]?.breadcrumbs ?? [];
  const here = crumbs.at(-1);
  if (!here) return null;
  const files = pages.flatMap((page) => page.data);
  const folder = folderOf({ ...here, ...keyOf(choice.place) }, files, pages.at(-1)?.has_more ?? false);
  const isFolder = !text && here.id !== "shared_with_me" && here.id !== "shared_drives";
  const isUsed = choice.folder?.id === here.id;
  return (
    <div className="mt-3 flex min-h-11 flex-wrap items-center justify-between gap-x-4 gap-y-2">
      <div className="flex min-w-0 flex-wrap items-center">
        {crumbs.length > 1 && (
          <nav aria-label="Folders above" className="flex flex-wrap items-center">
            {crumbs.slice(0, -1).map((crumb) => (
              <span key={crumb.id} className="flex items-center">
                <button
                  type="button"
                  onClick={() => onGo({ folder: crumb.id })}
                  className="link min-h-11 text-sm break-words"
                >
                  {crumb.name}
                </button>
                <ChevronRight aria-hidden="true" className="mx-1 size-4 shrink-0 text-muted" strokeWidth={1.5} />
              </span>
            ))}
          </nav>
        )}
        <h3 ref={ref} tabIndex={-1} className="text-sm font-semibold break-words outline-none">
          {text ? `“${text}” in ${here.name === "My Drive" ? "your Drive" : here.name}` : here.name}
        </h3>
      </div>
      {isFolder && (folder.first?.length ?? 0) > 0 && (
        <Button
          kind="secondary"
          disabled={isUsed}
          onClick={() => onChange(withFolder(choice, folder))}
          icon={<FolderCheck aria-hidden="true" className="size-4" strokeWidth={1.5} />}
        >
          {isUsed ? "Folder chosen" : "Use this folder"}
        </Button>
      )}
    </div>
  );
}

function keyOf({ resource_key }: DrivePlace) {
  return resource_key ? { resource_key } : {};
}
