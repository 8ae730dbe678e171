import { WifiOff } from "lucide-react";
import { useIsOnline } from "./use-is-online";

/** Says that there is no connection, and that this is no loss. */
export function OfflineBar() {
  const isOnline = useIsOnline();
  return (
    <div role="status">
      {!isOnline && (
        <p className="flex items-center justify-center gap-2 bg-ink px-4 py-2 text-center text-sm text-paper">
          <WifiOff aria-hidden="true" className="size-4 shrink-0" strokeWidth={1.5} />
          You are offline. What is shown may be old; what you typed stays here.
        </p>
      )}
    </div>
  );
}
