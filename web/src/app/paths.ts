/** The addresses of the page, in one place. */
export const paths = {
  landing: "/",
  signIn: "/sign-in",
  /** Where a window that was opened to sign in again ends, and closes itself. */
  signedIn: "/signed-in",
  jobs: "/jobs",
  job: (id: string) => `/jobs/${id}`,
  newJob: "/new",
  keys: "/keys",
  webhooks: "/webhooks",
  settings: "/settings",
  /** Plain pages beside the application: follow them with an `<a>`, not with a `<Link>`. */
  docs: "/docs",
} as const;
