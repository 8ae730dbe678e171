import { ExternalLink, LogOut, Menu, Plus, Settings } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";
import { Link, NavLink, Outlet, ScrollRestoration, useNavigate } from "react-router";
import { Mark } from "@/components/mark";
import { ButtonLink } from "@/components/ui/button";
import { OfflineBar } from "@/features/errors/offline-bar";
import { useMe, useSignOut } from "@/features/session/queries";
import { SessionEndedDialog } from "@/features/session/session-ended-dialog";
import { classNames } from "@/lib/class-names";
import { paths } from "./paths";

const places = [
  { to: paths.jobs, name: "Jobs" },
  { to: paths.keys, name: "API keys" },
  { to: paths.webhooks, name: "Webhooks" },
];

/** What is around every page of the application. */
export function Shell() {
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
            <a href={paths.docs} className="flex h-16 items-center px-3 text-sm text-muted hover:text-ink">
              Docs
            </a>
          </nav>
          <div className="ml-auto flex items-center gap-2">
            <ButtonLink to={paths.newJob} icon={<Plus aria-hidden="true" className="size-4" strokeWidth={1.5} />}>
              New job
            </ButtonLink>
            <AccountMenu />
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

function AccountMenu() {
  const me = useMe();
  const signOut = useSignOut();
  const navigate = useNavigate();
  return (
    // A modal menu would put a style into the page, which the content security policy refuses.
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger
        aria-label="Menu"
        className="inline-flex size-11 items-center justify-center rounded-md border border-edge bg-surface hover:border-ink"
      >
        <Menu aria-hidden="true" className="size-5" strokeWidth={1.5} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={8}
          className="z-20 min-w-60 rounded-md border border-edge bg-surface p-1 text-sm"
        >
          {me.data && (
            <DropdownMenu.Label className="border-b border-hairline px-3 py-2 text-xs break-all text-muted">
              {me.data.email}
            </DropdownMenu.Label>
          )}
          {places.map(({ to, name }) => (
            <Item key={to} className="md:hidden" onSelect={() => navigate(to)}>
              {name}
            </Item>
          ))}
          <Item onSelect={() => navigate(paths.settings)} icon={<Settings {...icon} />}>
            Settings
          </Item>
          <Item onSelect={() => window.location.assign(paths.docs)} icon={<ExternalLink {...icon} />}>
            Documents
          </Item>
          <Item onSelect={() => signOut.mutate()} icon={<LogOut {...icon} />}>
            Sign out
          </Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

const icon = { "aria-hidden": true, className: "size-4", strokeWidth: 1.5 } as const;

interface ItemProps {
  onSelect: () => void;
  icon?: ReactNode;
  className?: string;
  children: ReactNode;
}

function Item({ onSelect, icon, className, children }: ItemProps) {
  return (
    <DropdownMenu.Item
      onSelect={onSelect}
      className={classNames(
        "flex min-h-11 cursor-pointer items-center gap-3 rounded-md px-3 outline-none data-highlighted:bg-hairline",
        className,
      )}
    >
      {icon}
      {children}
    </DropdownMenu.Item>
  );
}
