import { useEffect } from "react";
import { useBlocker } from "react-router";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";

interface LeaveGuardProps {
  /** Whether something would be lost. */
  isNeeded: boolean;
}

/** Asks before photos are left behind that are still on their way. */
export function LeaveGuard({ isNeeded }: LeaveGuardProps) {
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => isNeeded && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    if (!isNeeded) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [isNeeded]);
  const isAsking = blocker.state === "blocked";
  return (
    <Dialog
      open={isAsking}
      onClose={() => blocker.reset?.()}
      title="Photos are still being uploaded"
      description="If you leave now, those that are not there yet are lost. What you typed is kept."
    >
      <div className="mt-6 flex flex-wrap justify-end gap-3">
        <Button kind="secondary" onClick={() => blocker.reset?.()}>
          Stay here
        </Button>
        <Button kind="danger" onClick={() => blocker.proceed?.()}>
          Leave
        </Button>
      </div>
    </Dialog>
  );
}
