/** As large as a job's page is going to be. */
export function JobSkeleton() {
  return (
    <div role="status">
      <span className="sr-only">Loading the job</span>
      <div aria-hidden="true">
        <div className="h-11" />
        <div className="mt-2 h-8.5 w-64 max-w-full rounded-md bg-hairline" />
        <div className="mt-4 h-6 w-80 max-w-full rounded-md bg-hairline/60" />
        <div className="panel mt-8 grid grid-cols-2 gap-x-4 gap-y-6 p-4 sm:grid-cols-3 sm:p-6 md:grid-cols-4 lg:grid-cols-5">
          {Array.from({ length: 10 }, (_, place) => (
            <div key={place}>
              <div className="aspect-square rounded-md bg-hairline/60" />
              <div className="h-29" />
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}
