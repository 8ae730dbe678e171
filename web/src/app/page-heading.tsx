import { type ReactNode, useEffect, useRef } from "react";
import { useLocation } from "react-router";

interface PageHeadingProps {
  /** What the window is called, which may say more than the heading. */
  documentTitle: string;
  children: ReactNode;
}

/**
 * A page's heading, which also names the document. It takes the focus when the person has come from another page of the
 * application, so that a screen reader says where they are; not when only the address's query changes, where filters are kept.
 */
export function PageHeading({ documentTitle, children }: PageHeadingProps) {
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
