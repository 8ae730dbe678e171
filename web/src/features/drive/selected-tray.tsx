import { ChevronLeft, ChevronRight, Folder, ImageIcon, X } from "lucide-react";
import { Button, IconButton } from "@/components/ui/button";
import { plural } from "@/lib/format";
import { type ChosenFile, type ChosenFolder, type DriveChoice, movedFile, withNothing, withoutFile } from "./choice";

interface SelectedTrayProps {
  choice: DriveChoice;
  onChange: (choice: DriveChoice) => void;
  problems: Record<string, string>;
}

const icon = { "aria-hidden": true, className: "size-4", strokeWidth: 1.5 } as const;

/** What is chosen, in its order; the first is the main photo. */
export function SelectedTray({ choice, onChange, problems }: SelectedTrayProps) {
  const { files, folder } = choice;
  if (folder)
    return <FolderTray folder={folder} problem={problems[folder.id]} onClear={() => onChange(withNothing(choice))} />;
  if (files.length === 0) return <p className="text-sm text-muted">Choose one to eight photos of one product.</p>;
  return (
    <section aria-label="Chosen photos" className="panel p-4">
      <div className="flex items-center justify-between gap-3">
        <h3 className="text-sm font-semibold">{plural(files.length, "photo")} chosen</h3>
        <Button kind="quiet" onClick={() => onChange(withNothing(choice))}>
          Clear
        </Button>
      </div>
      <ol className="mt-2 grid grid-cols-2 sm:grid-cols-4 gap-3">
        {files.map((file, index) => (
          <li key={file.id} className="min-w-0">
            <Thumbnail file={file} />
            <p className="mt-1 truncate text-xs" title={file.name}>
              <span className="tabular-nums">{String(index + 1).padStart(2, "0")}</span>
              {index === 0 && <span className="text-red"> main</span>} {file.name}
            </p>
            {problems[file.id] && <p className="text-xs text-red">{problems[file.id]}</p>}
            <div className="-ml-2 flex">
              <IconButton
                label={`Move ${file.name} forward`}
                disabled={index === 0}
                onClick={() => onChange(movedFile(choice, file.id, index - 1))}
              >
                <ChevronLeft {...icon} />
              </IconButton>
              <IconButton
                label={`Move ${file.name} back`}
                disabled={index === files.length - 1}
                onClick={() => onChange(movedFile(choice, file.id, index + 1))}
              >
                <ChevronRight {...icon} />
              </IconButton>
              <IconButton label={`Remove ${file.name}`} onClick={() => onChange(withoutFile(choice, file.id))}>
                <X {...icon} />
              </IconButton>
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

interface FolderTrayProps {
  folder: ChosenFolder;
  problem: string | undefined;
  onClear: () => void;
}

function FolderTray({ folder, problem, onClear }: FolderTrayProps) {
  return (
    <section aria-label="Chosen folder" className="panel p-4">
      <div className="flex items-center justify-between gap-3">
        <h3 className="flex min-w-0 items-center gap-2 text-sm font-semibold">
          <Folder {...icon} />
          <span className="truncate">{folder.name}</span>
        </h3>
        <Button kind="quiet" onClick={onClear}>
          Clear
        </Button>
      </div>
      <p className="text-sm text-muted">{usedInWords(folder)}</p>
      {problem && <p className="mt-1 text-sm text-red">{problem}</p>}
      {folder.first && (
        <ul className="mt-3 grid grid-cols-4 gap-2 sm:grid-cols-8">
          {folder.first.map((file) => (
            <li key={file.id}>
              <Thumbnail file={file} />
              <span className="sr-only">{file.name}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function usedInWords({ first, leftOut = 0, hasMore }: ChosenFolder): string {
  if (!first) return "Its first eight photos in the order of their names are used.";
  if (leftOut === 0 && !hasMore)
    return `${first.length === 1 ? "Its one photo is" : `All its ${first.length} photos are`} used.`;
  const others = hasMore ? (leftOut > 0 ? `more than ${leftOut}` : "those further down") : `${leftOut}`;
  return `Its first eight photos in the order of their names are used; ${others} ${leftOut === 1 && !hasMore ? "is" : "are"} left out.`;
}

function Thumbnail({ file }: { file: ChosenFile }) {
  if (file.thumbnail_url) {
    return (
      <img
        src={file.thumbnail_url}
        alt=""
        loading="lazy"
        className="aspect-square w-full rounded-md border border-hairline bg-hairline/40 object-contain"
      />
    );
  }
  return (
    <div className="flex aspect-square w-full items-center justify-center rounded-md border border-hairline text-muted">
      <ImageIcon aria-hidden="true" className="size-6" strokeWidth={1.5} />
    </div>
  );
}
