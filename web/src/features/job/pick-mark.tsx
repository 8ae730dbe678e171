/** A red grease-pencil mark around what it lies over. It is drawn by hand, so its ends do not meet. */
export function PickMark() {
  return (
    <svg
      aria-hidden="true"
      data-testid="pick-mark"
      viewBox="0 0 100 100"
      preserveAspectRatio="none"
      className="pointer-events-none absolute -inset-2.5 z-1 size-[calc(100%+1.25rem)] overflow-visible text-red"
      fill="none"
      stroke="currentColor"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path
        d="M17 10.500C37 1.500 70 1 87 13.500c14 12 14.500 52 3.500 69C81 97 38 101 17 92.500-1 84-2 36 6.500 19 9.500 12.500 20 6 35 3.500"
        strokeWidth="3.500"
        vectorEffect="non-scaling-stroke"
      />
      <path d="M84 11c15 10 18 46 10.500 64" strokeWidth="1.500" opacity="0.6" vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
