import type { ReactNode } from "react";

interface IconAnchorProps {
  href: string;
  download: string;
  /** Its name for those who do not see the icon; shown when the pointer rests on it. */
  label: string;
  children: ReactNode;
}

/** A link to a file that looks like a button with an icon. */
export function IconAnchor({ href, download, label, children }: IconAnchorProps) {
  return (
    <a
      href={href}
      download={download}
      aria-label={label}
      title={label}
      className="relative inline-flex size-11 shrink-0 items-center justify-center rounded-md transition-colors hover:bg-hairline/60"
    >
      {children}
    </a>
  );
}
