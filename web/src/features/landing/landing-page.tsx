import { Mark } from "@/components/mark";
import prices from "@/prices.json";
import { Curl } from "./curl";
import { LightTable } from "./light-table";
import { PriceTable } from "./price-table";

/** Where the buttons lead: through the sign-in to a new job. */
const START = "/auth/google/login?next=/new";

const steps = [
  {
    title: "Give it a photo",
    text: "One to eight photos of one product, up to 50 MB each, from your computer, your phone or your Google Drive.",
  },
  {
    title: "Gemini plans ten shots",
    text: "On white, in use, close up, flat lay. Each shot has a prompt and an alt text, and you can read and change both.",
  },
  {
    title: "All ten go out as one batch",
    text: "A batch costs half of what single images cost. It takes minutes, at times hours. You can close the page.",
  },
  {
    title: "You get an e-mail",
    text: "Your images are at stable addresses, one by one or as a ZIP, or in a new folder beside the photos in your Drive.",
  },
];

const promises = [
  {
    title: "A reason for every gap",
    text: "When Gemini declines an image, the other nine are ready all the same, and you learn why. Change its prompt and have that one made again.",
  },
  {
    title: "The price first",
    text: "You see what a job costs before it starts, and what it has cost after. A limit per job and per month keeps surprises away.",
  },
  {
    title: "The shape you asked for",
    text: "Square for the marketplace, 4:5 for the feed, 16:9 for the banner. Files come byte for byte as they were made.",
  },
  {
    title: "Yours to take away",
    text: "Delete a job and its files are gone. Delete the account and everything is. Your Drive is read only when you use it.",
  },
];

/** What people see who do not know Packshot yet. It is drawn while the page is built, and needs no script to be read. */
export function LandingPage() {
  return (
    <>
      <a href="#main" className="sr-only focus:not-sr-only focus:absolute focus:m-2 focus:bg-surface focus:p-3">
        Skip to the page
      </a>
      <header className="border-b border-hairline">
        <div className="mx-auto flex h-16 max-w-6xl items-center gap-1 px-4 sm:gap-4">
          <a href="/" aria-label="Packshot" className="mr-auto flex min-h-11 items-center">
            <Mark />
          </a>
          <nav aria-label="Main" className="hidden items-center text-sm text-muted sm:flex">
            {[
              ["#how", "How it works"],
              ["#prices", "Prices"],
              ["#api", "API"],
              ["/docs", "Docs"],
            ].map(([href, name]) => (
              <a key={href} href={href} className="flex min-h-11 items-center px-3 hover:text-ink">
                {name}
              </a>
            ))}
          </nav>
          <a
            href="/auth/google/login"
            data-sign-in=""
            className="inline-flex min-h-11 items-center rounded-md border border-edge bg-surface px-4 text-sm font-semibold hover:border-ink"
          >
            Sign in
          </a>
        </div>
      </header>
      <main id="main">
        <section className="mx-auto grid max-w-6xl gap-10 px-4 pt-12 pb-16 lg:grid-cols-[5fr_6fr] lg:items-center lg:pt-20">
          <div>
            <h1 className="font-serif text-2xl font-semibold tracking-tight sm:text-3xl">
              One photo in. Ten listing images out.
            </h1>
            <p className="mt-6 max-w-lg text-lg text-muted">
              Packshot looks at a photo of your product, plans ten shots, and makes them while you do something else.
            </p>
            <div className="mt-8 flex flex-wrap gap-3">
              <Start />
              <a
                href="#api"
                className="inline-flex min-h-11 items-center rounded-md border border-edge bg-surface px-5 font-semibold hover:border-ink"
              >
                Use the API
              </a>
            </div>
            <p className="mt-4 text-sm text-muted">
              About <strong className="text-ink tabular-nums">${Number(prices.ten_images_1k_usd).toFixed(2)}</strong>{" "}
              for ten images. Sign in with Google; no card.
            </p>
          </div>
          <LightTable />
        </section>

        <section id="how" aria-labelledby="how-title" className="border-t border-hairline bg-surface">
          <div className="mx-auto max-w-6xl px-4 py-16">
            <h2 id="how-title" className="font-serif text-xl font-semibold sm:text-2xl">
              How it works
            </h2>
            <ol className="mt-10 grid gap-x-8 gap-y-10 sm:grid-cols-2 lg:grid-cols-4">
              {steps.map((step, index) => (
                <li key={step.title} className="border-t border-ink pt-4">
                  <span aria-hidden="true" className="font-mono text-xs text-muted">
                    {String(index + 1).padStart(2, "0")}
                  </span>
                  <h3 className="mt-2 font-semibold">{step.title}</h3>
                  <p className="mt-2 text-sm text-muted">{step.text}</p>
                </li>
              ))}
            </ol>
          </div>
        </section>

        <section aria-labelledby="promises-title" className="mx-auto max-w-6xl px-4 py-16">
          <h2 id="promises-title" className="font-serif text-xl font-semibold sm:text-2xl">
            Made for people who list things
          </h2>
          <dl className="mt-10 grid gap-x-12 gap-y-8 sm:grid-cols-2">
            {promises.map((promise) => (
              <div key={promise.title}>
                <dt className="font-semibold">{promise.title}</dt>
                <dd className="mt-2 max-w-md text-sm text-muted">{promise.text}</dd>
              </div>
            ))}
          </dl>
        </section>

        <section id="prices" aria-labelledby="prices-title" className="border-y border-hairline bg-surface">
          <div className="mx-auto grid max-w-6xl gap-10 px-4 py-16 lg:grid-cols-2">
            <div>
              <h2 id="prices-title" className="font-serif text-xl font-semibold sm:text-2xl">
                What it costs
              </h2>
              <p className="mt-4 max-w-md text-muted">
                What Gemini charges for a batch: half of what it charges for the same images one by one. A free account
                makes up to 200 images a month.
              </p>
            </div>
            <PriceTable />
          </div>
        </section>

        <section
          id="api"
          aria-labelledby="api-title"
          className="mx-auto grid max-w-6xl gap-10 px-4 py-16 lg:grid-cols-2"
        >
          <div>
            <h2 id="api-title" className="font-serif text-xl font-semibold sm:text-2xl">
              The same by API
            </h2>
            <p className="mt-4 max-w-md text-muted">
              One request starts a job, a signed webhook tells you of its end. Idempotent requests, errors that say what
              to do, presigned uploads for large photos, and a test event for every type.
            </p>
            <p className="mt-6 flex flex-wrap gap-x-6 gap-y-2 text-sm">
              <a className="link inline-flex min-h-11 items-center" href="/docs/guide/quick-start">
                Quick start
              </a>
              <a className="link inline-flex min-h-11 items-center" href="/docs/api">
                API reference
              </a>
              <a className="link inline-flex min-h-11 items-center" href="/api/v1/openapi.json">
                OpenAPI document
              </a>
            </p>
          </div>
          <Curl />
        </section>

        <section className="border-t border-hairline">
          <div className="mx-auto flex max-w-6xl flex-wrap items-center justify-between gap-6 px-4 py-14">
            <p className="font-serif text-xl font-semibold">The next listing starts with one photo.</p>
            <Start />
          </div>
        </section>
      </main>
      <footer className="border-t border-hairline">
        <div className="mx-auto flex max-w-6xl flex-wrap items-center gap-x-6 gap-y-2 px-4 py-8 text-sm text-muted">
          <Mark className="text-base text-ink" />
          <a className="inline-flex min-h-11 items-center hover:text-ink" href="/docs">
            Docs
          </a>
          <a className="inline-flex min-h-11 items-center hover:text-ink" href="/docs/errors">
            Errors
          </a>
          <span className="max-w-md text-xs sm:ml-auto">
            The sample was made by the trial generator that ships with Packshot; Gemini’s own images vary more. Photo:
            Rachel Michetti, CC0.
          </span>
        </div>
      </footer>
    </>
  );
}

function Start() {
  return (
    <a
      href={START}
      className="inline-flex min-h-11 items-center rounded-md bg-red px-5 font-semibold text-on-red hover:opacity-90"
    >
      Make ten images
    </a>
  );
}
