import type { ComponentType } from "react";
import type { RouteObject } from "react-router";
import { NotFoundPage } from "@/features/errors/not-found-page";
import { RouteErrorPage } from "@/features/errors/route-error-page";
import { RequireSession } from "@/features/session/require-session";
import { paths } from "./paths";
import { Shell } from "./shell";

/** A page whose code is fetched when it is first needed, with an error page of its own. */
function page(path: string, load: () => Promise<ComponentType>): RouteObject {
  return {
    path,
    lazy: async () => ({ Component: await load() }),
    errorElement: <RouteErrorPage />,
  };
}

/** The application's pages. */
export const routes: RouteObject[] = [
  {
    errorElement: <RouteErrorPage />,
    // Nothing is drawn before the first page's code is there.
    HydrateFallback: () => null,
    children: [
      page(paths.signIn, async () => (await import("@/features/session/sign-in-page")).SignInPage),
      page(paths.signedIn, async () => (await import("@/features/session/signed-in-page")).SignedInPage),
      {
        element: <Shell />,
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
    ],
  },
];
