import { paths } from "@/app/paths";
import { Button, ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { type JobFilter, statusFilters } from "./filter";

/** Somebody is here for the first time. */
export function NoJobs() {
  return (
    <div className="mt-6">
      <EmptyState title="Your first contact sheet" action={<ButtonLink to={paths.newJob}>Make ten images</ButtonLink>}>
        Choose one to eight photos of a product. Gemini plans ten listing images and makes them in a few minutes; we
        e-mail you when they are ready. Every job is then kept here.
      </EmptyState>
    </div>
  );
}

interface NothingFoundProps {
  filter: JobFilter;
  onClear: () => void;
}

/** There are jobs, but none like this. */
export function NothingFound({ filter, onClear }: NothingFoundProps) {
  const status = statusFilters.find(({ value }) => value === filter.status);
  const what = filter.status === "all" ? "No job" : `No job under “${status?.name}”`;
  return (
    <div className="mt-6">
      <EmptyState
        title="Nothing found"
        action={
          <Button kind="secondary" onClick={onClear}>
            Show all jobs
          </Button>
        }
      >
        {filter.q
          ? `${what} has “${filter.q}” in its product, brand, category, labels, shots or id.`
          : `There is ${what.toLowerCase().replace(/“.*”/, `“${status?.name}”`)} at present.`}
      </EmptyState>
    </div>
  );
}
