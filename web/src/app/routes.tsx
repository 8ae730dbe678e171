import { type ComponentType, lazy, type ReactNode, Suspense } from "react";
import { matchPath, type RouteObject } from "react-router";
import { Spinner } from "@/components/ui/spinner";
import { NotFoundPage } from "@/features/errors/not-found-page";
import { RouteErrorPage, WindowErrorPage } from "@/features/errors/route-error-page";
import { RequireSession } from "@/features/session/require-session";
import { paths } from "./paths";
import { Shell } from "./shell";

/**
 * A page whose code is fetched when it is first needed. By React's own means and not by the router's `lazy`, which leaves the
 * window empty where the code cannot be fetched.
 */
function page(
  path: string,
  load: () => Promise<ComponentType>,
  errorElement: ReactNode = <RouteErrorPage />,
): RouteObject {
  const Page = lazy(async () => ({ default: await load() }));
  // The page that is asked for first comes along with the application, and not after it has asked who is there. Where that
  // fails, it fails again when it is drawn, and is told.
  if (matchPath(path, window.location.pathname)) load().catch(() => undefined);
  const waiting = <Spinner label="Loading" className="mt-24" />;
  return {
    path,
    element: (
      <Suspense fallback={waiting}>
        <Page />
      </Suspense>
    ),
    errorElement,
  };
}

const signIn = async () => (await import("@/features/session/sign-in-page")).SignInPage;
const signedIn = async () => (await import("@/features/session/signed-in-page")).SignedInPage;

/** The application's pages. */
export const routes: RouteObject[] = [
  page(paths.signIn, signIn, <WindowErrorPage />),
  page(paths.signedIn, signedIn, <WindowErrorPage />),
  {
    element: <Shell />,
    errorElement: <WindowErrorPage />,
    children: [
      {
        element: <RequireSession />,
        children: [
          page(paths.jobs, async () => (await import("@/features/jobs/jobs-page")).JobsPage),
          page(paths.job(":jobId"), async () => (await import("@/features/job/job-page")).JobPage),
          page(paths.newJob, async () => (await import("@/features/new-job/new-job-page")).NewJobPage),
          page(paths.keys, async () => (await import("@/features/keys/keys-page")).KeysPage),
          page(paths.webhooks, async () => (await import("@/features/webhooks/webhooks-page")).WebhooksPage),
          page(paths.settings, async () => (await import("@/features/settings/settings-page")).SettingsPage),
        ],
      },
      { path: "*", element: <NotFoundPage /> },
    ],
  },
];
