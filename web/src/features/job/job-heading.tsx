import { type ReactNode, useEffect, useRef } from "react";
import { useLocation } from "react-router";

interface JobHeadingProps {
  /** What the window is called, which may say more than the heading. */
  documentTitle: string;
  children: ReactNode;
}

/**
 * The page's heading. It takes the focus when the person has come from another page of the application, but, unlike
 * `PageTitle`, not when only the address's query changes: the open image and the filters are kept there.
 */
export function JobHeading({ documentTitle, children }: JobHeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { key } = useLocation();
  const isFirstPage = useRef(key === "default");
  useEffect(() => {
    document.title = `${documentTitle} · Packshot`;
  }, [documentTitle]);
  useEffect(() => {
    if (!isFirstPage.current) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1} className="text-xl font-semibold tracking-tight break-words outline-none">
      {children}
    </h1>
  );
}
