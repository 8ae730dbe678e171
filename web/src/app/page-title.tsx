import type { ReactNode } from "react";
import { classNames } from "@/lib/class-names";
import { PageHeading } from "./page-heading";

interface PageTitleProps {
  children: string;
  /** Beside the title: the page's action. */
  action?: ReactNode;
  className?: string;
}

/** A page's heading with its action. */
export function PageTitle({ children, action, className }: PageTitleProps) {
  return (
    <div className={classNames("flex flex-wrap items-center justify-between gap-x-6 gap-y-3", className)}>
      <PageHeading documentTitle={children}>{children}</PageHeading>
      {action}
    </div>
  );
}
