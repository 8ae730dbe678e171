import { classNames } from "@/lib/class-names";

/** The word Packshot with a red hand-drawn circle around the "o". */
export function Mark({ className }: { className?: string }) {
  return (
    <span className={classNames("font-serif text-lg font-semibold tracking-tight", className)}>
      Packsh
      <span className="relative inline-block">
        o
        <svg
          aria-hidden="true"
          viewBox="0 0 32 32"
          className="absolute top-[0.34em] left-1/2 size-[0.92em] -translate-x-1/2 overflow-visible"
        >
          <path
            d="M6.2 17.500C5.4 9.5 11 4.6 17.2 4.800c6.7.2 10.8 5.2 10.1 11.6-.7 6.7-6 11-12.2 10.600C9.4 26.5 5.4 22 6.3 15"
            fill="none"
            className="stroke-red"
            strokeWidth="2.2"
            strokeLinecap="round"
          />
        </svg>
      </span>
      t
    </span>
  );
}
