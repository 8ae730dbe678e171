import type { ButtonHTMLAttributes, ReactNode } from "react";
import { Link } from "react-router";
import { classNames } from "@/lib/class-names";
import { Spinner } from "./spinner";

/** The one primary action of a place, others, those without an outline, and those that destroy. */
export type ButtonKind = "primary" | "secondary" | "quiet" | "danger";

const shape =
  "inline-flex min-h-11 items-center justify-center gap-2 rounded-md px-4 py-2 text-sm font-semibold transition-[opacity,background-color,border-color] select-none";

const looks: Record<ButtonKind, string> = {
  primary: "bg-red text-on-red hover:opacity-90",
  secondary: "border border-edge bg-surface text-ink hover:border-ink",
  quiet: "text-ink hover:bg-hairline/60",
  danger: "border border-red text-red hover:bg-red hover:text-on-red",
};

interface Look {
  kind?: ButtonKind;
  icon?: ReactNode;
}

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement>, Look {
  /** While it is, the button waits, keeps the focus, and cannot be pressed again. */
  isBusy?: boolean;
}

export function Button({ kind = "primary", icon, isBusy, className, children, onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={isBusy || rest.disabled || undefined}
      onClick={isBusy ? (event) => event.preventDefault() : onClick}
      className={classNames(
        shape,
        looks[kind],
        "disabled:cursor-not-allowed disabled:opacity-50",
        isBusy && "cursor-progress opacity-70",
        className,
      )}
    >
      {isBusy ? <Spinner className="size-4" /> : icon}
      {children}
    </button>
  );
}

interface ButtonLinkProps extends Look {
  to: string;
  className?: string;
  children: ReactNode;
}

/** A link within the application that looks like a button. */
export function ButtonLink({ to, kind = "primary", icon, className, children }: ButtonLinkProps) {
  return (
    <Link to={to} className={classNames(shape, looks[kind], className)}>
      {icon}
      {children}
    </Link>
  );
}

interface ButtonAnchorProps extends Look {
  href: string;
  download?: boolean | string;
  className?: string;
  children: ReactNode;
}

/** A link out of the application (sign-in, a file) that looks like a button. */
export function ButtonAnchor({ href, kind = "primary", icon, className, children, ...rest }: ButtonAnchorProps) {
  return (
    <a href={href} {...rest} className={classNames(shape, looks[kind], className)}>
      {icon}
      {children}
    </a>
  );
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** Its name for those who do not see the icon; shown when the pointer rests on it. */
  label: string;
}

export function IconButton({ label, className, children, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={classNames(
        "inline-flex size-11 shrink-0 items-center justify-center rounded-md transition-colors hover:bg-hairline/60 disabled:cursor-not-allowed disabled:opacity-40",
        className,
      )}
    >
      {children}
    </button>
  );
}
