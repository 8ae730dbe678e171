import { useEffect, useRef } from "react";
import { Button } from "@/components/ui/button";

interface MoreFilesProps {
  isFetching: boolean;
  onMore: () => void;
}

/** Fetches the next page when it comes into sight, or when asked to. */
export function MoreFiles({ isFetching, onMore }: MoreFilesProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!place.current || isFetching || !("IntersectionObserver" in window)) return;
    const observer = new IntersectionObserver(([entry]) => {
      if (entry?.isIntersecting) onMore();
    });
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [isFetching, onMore]);
  return (
    <div ref={place} className="mt-4 flex justify-center">
      <Button kind="secondary" isBusy={isFetching} onClick={onMore}>
        Show more
      </Button>
    </div>
  );
}
