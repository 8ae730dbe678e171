import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { paths } from "@/app/paths";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { meQuery, signInUrl } from "./queries";
import { onSignedIn, sessionIsBack, useSessionHasEnded } from "./session-state";

/** Asks people to sign in again in another window, so that this one keeps what they were doing. */
export function SessionEndedDialog() {
  const hasEnded = useSessionHasEnded();
  const queries = useQueryClient();
  useEffect(() => {
    if (!hasEnded) return;
    const look = async () => {
      try {
        await queries.fetchQuery({ ...meQuery, staleTime: 0, retry: false });
        sessionIsBack();
        await queries.invalidateQueries();
      } catch {
        // Still signed out, or not reachable: the dialog stays.
      }
    };
    const stop = onSignedIn(look);
    window.addEventListener("focus", look);
    return () => {
      stop();
      window.removeEventListener("focus", look);
    };
  }, [hasEnded, queries]);
  return (
    <Dialog
      open={hasEnded}
      isSticky
      title="Your session has ended"
      description="Nothing you typed or chose here is lost. Sign in again in a new window, and go on where you were."
    >
      <div className="mt-6 flex flex-wrap gap-3">
        <Button
          onClick={() => window.open(signInUrl(paths.signedIn), "packshot-sign-in", "popup,width=520,height=720")}
        >
          Sign in again
        </Button>
      </div>
    </Dialog>
  );
}
