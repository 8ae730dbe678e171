/** As large as a list of jobs is going to be. */
export function JobListSkeleton() {
  return (
    <div role="status" className="mt-6">
      <span className="sr-only">Loading your jobs</span>
      <div aria-hidden="true" className="grid gap-3">
        {["w-56", "w-40", "w-64", "w-48", "w-52"].map((width) => (
          <div key={width} className="panel flex flex-col gap-x-6 gap-y-3 p-4 sm:flex-row sm:items-center">
            <div className="flex gap-2 sm:w-70">
              {[1, 2, 3, 4].map((place) => (
                <div key={place} className="size-14 rounded-md sm:size-16 bg-hairline/60" />
              ))}
            </div>
            <div>
              <div className={`h-6 max-w-full rounded-md bg-hairline ${width}`} />
              <div className="mt-2 h-5 w-36 rounded-md bg-hairline/60" />
            </div>
          </div>
        ))}
      </div>
    </div>
  );
}
