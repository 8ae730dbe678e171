import { PageTitle } from "@/app/page-title";
import { paths } from "@/app/paths";
import { ButtonLink } from "@/components/ui/button";

/** Somebody else's jobs are told apart from deleted ones by nobody. */
export function JobNotFound() {
  return (
    <div className="py-16 text-center">
      <p className="text-sm text-muted tabular-nums">404</p>
      <PageTitle className="mt-2 justify-center">There is no such job</PageTitle>
      <p className="mx-auto mt-3 max-w-md text-muted">
        It was deleted, or it belongs to another account than the one you are signed in with. Your own jobs are where
        they were.
      </p>
      <div className="mt-8 flex flex-wrap justify-center gap-3">
        <ButtonLink to={paths.jobs}>Go to your jobs</ButtonLink>
      </div>
    </div>
  );
}
