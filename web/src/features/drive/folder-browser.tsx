import { useInfiniteQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { asProblem } from "@/api/problem";
import type { DriveConnection } from "@/api/schema";
import { ButtonAnchor } from "@/components/ui/button";
import { useDebounced } from "@/lib/use-debounced";
import { connectAddress } from "./addresses";
import { type DriveChoice, type DrivePlace, toggled } from "./choice";
import { DriveProblem, needsConnecting } from "./drive-problem";
import { FolderContents } from "./folder-contents";
import { FolderPath } from "./folder-path";
import { PlaceTabs } from "./place-tabs";
import { driveFilesQuery } from "./queries";

/** How long typing rests before it is searched for, in milliseconds. */
const RESTS = 300;

interface FolderBrowserProps {
  connection: DriveConnection;
  next: string;
  choice: DriveChoice;
  onChange: (choice: DriveChoice) => void;
}

/** Looks through a Drive, folder by folder or by a text. */
export function FolderBrowser({ connection, next, choice, onChange }: FolderBrowserProps) {
  const [typed, setTyped] = useState("");
  const text = useDebounced(typed.trim(), RESTS);
  const listing = useInfiniteQuery(driveFilesQuery(choice.place, text));
  const heading = useRef<HTMLHeadingElement>(null);
  const hasMoved = useRef(false);
  const go = (place: DrivePlace) => {
    hasMoved.current = true;
    setTyped("");
    onChange({ ...choice, place });
  };
  const { folder } = choice.place;
  // Whoever opened a folder by a button that is gone now stands at the folder's name, once that is there.
  const isThere = listing.data !== undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is about coming to another folder
  useEffect(() => {
    if (!hasMoved.current || !isThere) return;
    hasMoved.current = false;
    heading.current?.focus({ preventScroll: true });
  }, [isThere, folder]);
  return (
    <div className="panel">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-b border-hairline px-4 py-2">
        <PlaceTabs top={listing.data?.pages[0]?.breadcrumbs?.[0]?.id ?? folder} onGo={go} />
        {connection.email && <p className="text-xs text-muted">{connection.email}</p>}
      </div>
      <div className="p-4">
        <label className="relative block">
          <span className="sr-only">Search {folder === "root" ? "your Drive" : "here"}</span>
          <Search aria-hidden="true" className="absolute top-3 left-3 size-5 text-muted" strokeWidth={1.5} />
          <input
            type="search"
            value={typed}
            maxLength={60}
            onChange={(event) => setTyped(event.target.value)}
            onKeyDown={(event) => {
              // Return searches as typing does; it must not start the job.
              if (event.key === "Enter") event.preventDefault();
            }}
            placeholder={folder === "root" ? "Search your Drive by name" : "Search here by name"}
            className="block min-h-11 w-full rounded-md border border-edge bg-surface py-2 pr-3 pl-10 text-base placeholder:text-muted"
          />
        </label>
        {listing.data && (
          <FolderPath
            ref={heading}
            pages={listing.data.pages}
            text={text}
            choice={choice}
            onGo={go}
            onChange={onChange}
          />
        )}
        {listing.isPending && <Loading />}
        {listing.error && (
          <DriveProblem problem={asProblem(listing.error)} onRetry={() => listing.refetch()} className="mt-4">
            {needsConnecting(asProblem(listing.error).code) && (
              <ButtonAnchor kind="secondary" href={connectAddress(connection.connect_url, next)}>
                Connect Drive again
              </ButtonAnchor>
            )}
          </DriveProblem>
        )}
        {listing.data && (
          <FolderContents
            pages={listing.data.pages}
            text={text}
            choice={choice}
            onGo={go}
            onToggle={(file) => onChange(toggled(choice, file))}
            hasMore={listing.hasNextPage}
            isFetchingMore={listing.isFetchingNextPage}
            onMore={() => listing.fetchNextPage()}
          />
        )}
      </div>
    </div>
  );
}

/** As large as what comes. */
function Loading() {
  return (
    <div role="status" aria-label="Loading the folder" className="mt-4">
      <div className="h-11 w-2/3 rounded-md bg-hairline/50" />
      <div className="mt-4 grid grid-cols-2 gap-3 sm:grid-cols-4">
        {["a", "b", "c", "d"].map((name) => (
          <div key={name} className="aspect-square rounded-md bg-hairline/50" />
        ))}
      </div>
    </div>
  );
}
