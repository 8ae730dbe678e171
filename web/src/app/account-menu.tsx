import { ExternalLink, LogOut, Menu, Settings, X } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { NavLink, useLocation } from "react-router";
import { useMe, useSignOut } from "@/features/session/queries";
import { classNames } from "@/lib/class-names";
import { paths } from "./paths";

interface AccountMenuProps {
  /** Pages that the header has no room for on a phone. */
  places: readonly { to: string; name: string }[];
}

/** Who is signed in, and the ways to what is not in the header: a button that unfolds a list of links. */
export function AccountMenu({ places }: AccountMenuProps) {
  const [isOpen, setIsOpen] = useState(false);
  const me = useMe();
  const signOut = useSignOut();
  const id = useId();
  const whole = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const { key } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever has gone somewhere is done with the menu
  useEffect(() => setIsOpen(false), [key]);
  useEffect(() => {
    if (!isOpen) return;
    const closeOutside = (event: Event) => {
      if (!whole.current?.contains(event.target as Node)) setIsOpen(false);
    };
    const closeByKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      setIsOpen(false);
      button.current?.focus();
    };
    document.addEventListener("pointerdown", closeOutside);
    document.addEventListener("focusin", closeOutside);
    document.addEventListener("keydown", closeByKey);
    return () => {
      document.removeEventListener("pointerdown", closeOutside);
      document.removeEventListener("focusin", closeOutside);
      document.removeEventListener("keydown", closeByKey);
    };
  }, [isOpen]);
  const Icon = isOpen ? X : Menu;
  return (
    <div ref={whole} className="relative">
      <button
        ref={button}
        type="button"
        aria-label="Menu"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setIsOpen((open) => !open)}
        className="inline-flex size-11 items-center justify-center rounded-md border border-edge bg-surface hover:border-ink"
      >
        <Icon aria-hidden="true" className="size-5" strokeWidth={1.5} />
      </button>
      <nav
        id={id}
        aria-label="Account"
        hidden={!isOpen}
        className="absolute right-0 z-20 mt-2 w-64 rounded-md border border-edge bg-surface p-1 text-sm"
      >
        {me.data && <p className="border-b border-hairline px-3 py-2 text-xs break-all text-muted">{me.data.email}</p>}
        {places.map(({ to, name }) => (
          <NavLink key={to} to={to} className={classNames(entry, "md:hidden aria-[current]:font-semibold")}>
            {name}
          </NavLink>
        ))}
        <NavLink to={paths.settings} className={classNames(entry, "aria-[current]:font-semibold")}>
          <Entry icon={<Settings {...icon} />}>Settings</Entry>
        </NavLink>
        <a href={paths.docs} className={entry}>
          <Entry icon={<ExternalLink {...icon} />}>Documents</Entry>
        </a>
        <button type="button" onClick={() => signOut.mutate()} className={entry}>
          <Entry icon={<LogOut {...icon} />}>Sign out</Entry>
        </button>
        {signOut.isError && (
          <p role="alert" className="px-3 py-2 text-xs text-red">
            You are still signed in: there was no answer. Try again.
          </p>
        )}
      </nav>
    </div>
  );
}

const icon = { "aria-hidden": true, className: "size-4", strokeWidth: 1.5 } as const;

const entry = "flex min-h-11 w-full items-center gap-3 rounded-md px-3 text-left hover:bg-hairline";

function Entry({ icon, children }: { icon: ReactNode; children: string }) {
  return (
    <>
      {icon}
      {children}
    </>
  );
}
