import { CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { classNames } from "@/lib/class-names";

type Tone = "info" | "success" | "warning";

const looks = {
  info: { Icon: Info, color: "text-muted", edge: "border-l-edge" },
  success: { Icon: CircleCheck, color: "text-green", edge: "border-l-green" },
  warning: { Icon: TriangleAlert, color: "text-amber", edge: "border-l-amber" },
} as const;

interface NoticeProps {
  tone?: Tone;
  className?: string;
  children: ReactNode;
}

/** Something to know that is no failure. */
export function Notice({ tone = "info", className, children }: NoticeProps) {
  const { Icon, color, edge } = looks[tone];
  return (
    <div role="status" className={classNames("panel flex gap-3 border-l-4 p-4 text-sm", edge, className)}>
      <Icon aria-hidden="true" className={classNames("mt-0.5 size-5 shrink-0", color)} strokeWidth={1.5} />
      <div className="min-w-0">{children}</div>
    </div>
  );
}
