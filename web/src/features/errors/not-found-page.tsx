import { PageTitle } from "@/app/page-title";
import { paths } from "@/app/paths";
import { ButtonLink } from "@/components/ui/button";

/** An address that no page has. */
export function NotFoundPage() {
  return (
    <div className="py-16 text-center">
      <p className="text-sm text-muted tabular-nums">404</p>
      <PageTitle className="mt-2 justify-center">There is no such page</PageTitle>
      <p className="mx-auto mt-3 max-w-md text-muted">
        The address may be mistyped, or what it led to was deleted. Your jobs are where they were.
      </p>
      <div className="mt-8 flex justify-center gap-3">
        <ButtonLink to={paths.jobs}>Go to your jobs</ButtonLink>
      </div>
    </div>
  );
}
