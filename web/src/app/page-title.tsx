import { type ReactNode, useEffect, useRef } from "react";
import { useLocation } from "react-router";
import { classNames } from "@/lib/class-names";

interface PageTitleProps {
  children: string;
  /** Beside the title: the page's action. */
  action?: ReactNode;
  className?: string;
}

/**
 * A page's heading, which also names the document, and takes the focus when the person has come from another page of the
 * application: a screen reader then says where they are.
 */
export function PageTitle({ children, action, className }: PageTitleProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { key } = useLocation();
  useEffect(() => {
    document.title = `${children} · Packshot`;
  }, [children]);
  useEffect(() => {
    if (key !== "default") heading.current?.focus({ preventScroll: true });
  }, [key]);
  return (
    <div className={classNames("flex flex-wrap items-center justify-between gap-x-6 gap-y-3", className)}>
      <h1 ref={heading} tabIndex={-1} className="text-xl font-semibold tracking-tight outline-none">
        {children}
      </h1>
      {action}
    </div>
  );
}
