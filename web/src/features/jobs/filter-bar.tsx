import { Search } from "lucide-react";
import { ToggleGroup } from "radix-ui";
import { useEffect, useEffectEvent, useState } from "react";
import { type JobFilter, LONGEST_SEARCH, type StatusFilter, statusFilters } from "./filter";

/** How long somebody has to have stopped writing before it is searched, in milliseconds. */
const PAUSE = 300;

interface FilterBarProps {
  filter: JobFilter;
  onChange: (change: Partial<JobFilter>) => void;
}

/** Which jobs are shown. */
export function FilterBar({ filter, onChange }: FilterBarProps) {
  return (
    <div className="mt-6 flex flex-wrap items-center gap-3">
      <SearchBox q={filter.q} onSearch={(q) => onChange({ q })} />
      <ToggleGroup.Root
        type="single"
        aria-label="Status"
        value={filter.status}
        // Pressing the one that is pressed would leave none.
        onValueChange={(status) => status && onChange({ status: status as StatusFilter })}
        className="flex max-w-full overflow-x-auto rounded-md border border-edge bg-surface p-0.5 max-sm:w-full"
      >
        {statusFilters.map(({ value, name }) => (
          <ToggleGroup.Item
            key={value}
            value={value}
            className="min-h-11 grow rounded-md px-2 sm:px-3 text-sm text-muted hover:text-ink data-[state=on]:bg-hairline/60 data-[state=on]:font-semibold data-[state=on]:text-ink"
          >
            {name}
          </ToggleGroup.Item>
        ))}
      </ToggleGroup.Root>
    </div>
  );
}

function SearchBox({ q, onSearch }: { q: string; onSearch: (q: string) => void }) {
  const [text, setText] = useState(q);
  const [searched, setSearched] = useState(q);
  // Filters that are cleared elsewhere, and the browser's way back, are followed; what is being written is not.
  if (q !== searched) {
    setSearched(q);
    if (q !== text.trim()) setText(q);
  }
  const search = useEffectEvent(() => {
    if (text.trim() !== q) onSearch(text.trim());
  });
  useEffect(() => {
    if (text.trim() === q) return;
    const timer = setTimeout(() => search(), PAUSE);
    return () => clearTimeout(timer);
  }, [text, q]);
  return (
    <search className="relative w-full sm:w-80">
      <Search
        aria-hidden="true"
        className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-muted"
        strokeWidth={1.5}
      />
      <input
        type="search"
        aria-label="Search jobs"
        placeholder="Product, brand, label or job id"
        maxLength={LONGEST_SEARCH}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="min-h-12 w-full rounded-md border border-edge bg-surface py-2 pr-3 pl-9 text-base placeholder:text-muted"
      />
    </search>
  );
}
