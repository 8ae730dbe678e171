import { shots } from "./shots";

/** Where the sample's files are; Vite gives them names with hashes. */
const folder = "/src/features/landing/images";

/** The frame with the red mark around it. */
const PICK = 1;

/**
 * The contact sheet on the light table: a photo and the ten images made of it. With a script, a click on a frame lays it
 * beside the photo under a divider that can be moved; without, everything is there to be seen.
 */
export function LightTable() {
  const pick = shots[PICK] ?? shots[0];
  if (!pick) return null;
  return (
    <figure data-light-table="" className="panel p-3 sm:p-4">
      <div className="relative aspect-[4/3] overflow-hidden rounded-md bg-hairline" data-compare="">
        <img
          src={`${folder}/photo.webp`}
          alt="What was uploaded: a coffee cup on a café table"
          width={600}
          height={400}
          className="absolute inset-0 size-full object-cover"
        />
        <div data-over="" className="absolute inset-0 [clip-path:inset(0_0_0_var(--cut,50%))]">
          <img
            data-image=""
            src={`${folder}/large/${pick.number}.webp`}
            alt={pick.alt}
            width={880}
            height={880}
            className="size-full object-cover"
          />
        </div>
        <span
          data-line=""
          aria-hidden="true"
          className="absolute inset-y-0 left-[var(--cut,50%)] w-0.5 -translate-x-1/2 bg-white"
        />
        <span className="absolute bottom-3 left-3 rounded-md bg-black/70 px-2 py-1 text-xs text-white">Your photo</span>
        <span data-title="" className="absolute right-3 bottom-3 rounded-md bg-black/70 px-2 py-1 text-xs text-white">
          {pick.number} {pick.title}
        </span>
        <input
          data-cut=""
          type="range"
          min={0}
          max={100}
          defaultValue={50}
          hidden
          aria-label="Show more of the photo or more of the image"
          className="absolute inset-0 size-full cursor-ew-resize opacity-0"
        />
      </div>
      <ol className="mt-3 grid grid-cols-5 gap-2">
        {shots.map((shot, index) => (
          <li key={shot.number}>
            <button
              type="button"
              data-frame={shot.number}
              data-name={shot.title}
              data-alt={shot.alt}
              aria-label={`Show image ${Number(shot.number)}: ${shot.title}`}
              aria-pressed={index === PICK}
              className="group relative block w-full text-left"
            >
              <img
                src={`${folder}/small/${shot.number}.webp`}
                alt=""
                width={220}
                height={220}
                className="aspect-square w-full rounded-md object-cover"
              />
              <svg
                aria-hidden="true"
                viewBox="0 0 100 100"
                preserveAspectRatio="none"
                className="absolute -top-[6%] -left-[6%] hidden aspect-square w-[112%] overflow-visible group-aria-pressed:block"
              >
                <path
                  d="M14 58C8 28 32 6 58 7c27 1 40 24 34 50-6 25-34 38-58 33C16 86 6 68 14 44"
                  fill="none"
                  strokeWidth="3"
                  strokeLinecap="round"
                  vectorEffect="non-scaling-stroke"
                  className="stroke-red"
                />
              </svg>
              <span aria-hidden="true" className="mt-1 block font-mono text-xs text-muted">
                {shot.number}
              </span>
            </button>
          </li>
        ))}
      </ol>
      <figcaption className="sr-only">A photo of a product and ten images that were made of it</figcaption>
    </figure>
  );
}
