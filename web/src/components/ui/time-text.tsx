import { useEffect, useState } from "react";
import { exactTime, relativeTime } from "@/lib/format";

/** How often "3 minutes ago" is looked at again, in milliseconds. */
const LOOK_AGAIN = 30_000;

interface TimeTextProps {
  moment: string;
  className?: string;
}

/** A moment as people say it, the exact one when the pointer rests on it. */
export function TimeText({ moment, className }: TimeTextProps) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), LOOK_AGAIN);
    return () => clearInterval(timer);
  }, []);
  return (
    <time dateTime={moment} title={exactTime(moment)} className={className}>
      {relativeTime(moment, now)}
    </time>
  );
}
