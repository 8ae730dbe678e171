import { useEffect } from "react";
import { useRouteError } from "react-router";
import { ApiProblem } from "@/api/problem";
import { paths } from "@/app/paths";
import { Mark } from "@/components/mark";
import { Button, ButtonAnchor } from "@/components/ui/button";
import { report } from "./report";
import { useIsOnline } from "./use-is-online";

/** The same for a window that has nothing around the page. */
export function WindowErrorPage() {
  return (
    <main id="main" className="px-4">
      <div className="pt-16 text-center">
        <Mark />
      </div>
      <RouteErrorPage />
    </main>
  );
}

/**
 * What stands in the place of a page that could not be drawn: offline where its code could not be fetched for want of a
 * connection, otherwise a mistake of ours.
 */
export function RouteErrorPage() {
  const error = useRouteError();
  const isOnline = useIsOnline();
  const isMissingCode = error instanceof TypeError && /import|module|fetch/i.test(error.message);
  const isOffline = !isOnline;
  const title = isOffline ? "You are offline" : "This page could not be shown";
  useEffect(() => {
    document.title = `${title} · Packshot`;
  }, [title]);
  // A problem of the API is known there already.
  const isOurs = !(isOffline || isMissingCode || error instanceof ApiProblem);
  useEffect(() => {
    if (isOurs) void report(error);
  }, [isOurs, error]);
  // The code that could not be fetched can be fetched now.
  useEffect(() => {
    if (!isMissingCode) return;
    const reload = () => window.location.reload();
    window.addEventListener("online", reload);
    return () => window.removeEventListener("online", reload);
  }, [isMissingCode]);
  const requestId = error instanceof ApiProblem ? error.requestId : undefined;
  return (
    <div className="mx-auto max-w-lg py-16 text-center">
      <h1 className="text-xl font-semibold">{title}</h1>
      <p className="mt-3 text-muted">
        {isOffline
          ? "This page comes back by itself when there is a connection again. Jobs that are under way go on without you."
          : "Something in it went wrong on our side. Your jobs and images are safe. Load it again; if that does not help, tell us what you did."}
      </p>
      {requestId && (
        <p className="mt-3 text-xs text-muted">
          Request <code className="font-mono break-all">{requestId}</code>
        </p>
      )}
      <div className="mt-8 flex flex-wrap justify-center gap-3">
        <Button onClick={() => window.location.reload()}>Load again</Button>
        <ButtonAnchor kind="secondary" href={paths.jobs}>
          Go to your jobs
        </ButtonAnchor>
      </div>
    </div>
  );
}
