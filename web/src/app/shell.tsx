import { Plus } from "lucide-react";
import { Link, NavLink, Outlet, ScrollRestoration, useLocation } from "react-router";
import { Mark } from "@/components/mark";
import { ButtonLink } from "@/components/ui/button";
import { OfflineBar } from "@/features/errors/offline-bar";
import { SessionEndedDialog } from "@/features/session/session-ended-dialog";
import { classNames } from "@/lib/class-names";
import { AccountMenu } from "./account-menu";
import { paths } from "./paths";

const places = [
  { to: paths.jobs, name: "Jobs" },
  { to: paths.keys, name: "API keys" },
  { to: paths.webhooks, name: "Webhooks" },
];

/** What is around every page of the application. */
export function Shell() {
  const { pathname } = useLocation();
  return (
    <>
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:z-20 focus:m-2 focus:bg-surface focus:p-3"
      >
        Skip to the page
      </a>
      <OfflineBar />
      <header className="sticky top-0 z-10 border-b border-hairline bg-paper">
        <div className="mx-auto flex h-16 max-w-6xl items-center gap-2 px-4 sm:gap-6">
          <Link to={paths.jobs} aria-label="Packshot, your jobs" className="flex min-h-11 items-center">
            <Mark />
          </Link>
          <nav aria-label="Main" className="hidden items-center gap-1 md:flex">
            {places.map(({ to, name }) => (
              <NavLink
                key={to}
                to={to}
                className={({ isActive }) =>
                  classNames(
                    "flex h-16 items-center border-b-2 px-3 text-sm",
                    isActive ? "border-red font-semibold" : "border-transparent text-muted hover:text-ink",
                  )
                }
              >
                {name}
              </NavLink>
            ))}
            <a
              href={paths.docs}
              className="flex h-16 items-center border-b-2 border-transparent px-3 text-sm text-muted hover:text-ink"
            >
              Docs
            </a>
          </nav>
          <div className="ml-auto flex items-center gap-2">
            <ButtonLink
              to={paths.newJob}
              // Other pages have a primary action of their own.
              kind={pathname === paths.jobs ? "primary" : "secondary"}
              icon={<Plus aria-hidden="true" className="size-4" strokeWidth={1.5} />}
            >
              New job
            </ButtonLink>
            <AccountMenu places={places} />
          </div>
        </div>
      </header>
      <main id="main" className="mx-auto max-w-6xl px-4 pt-8 pb-24">
        <Outlet />
      </main>
      <SessionEndedDialog />
      <ScrollRestoration />
    </>
  );
}
