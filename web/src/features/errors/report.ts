/**
 * Errors of the page are reported where its deployment has a place for them (Sentry, or what speaks its protocol). Before the
 * first error, nothing of that is loaded.
 */

/** What the page is told of its deployment; template.yaml has the function that answers it. */
interface Environment {
  stage: string;
  sentry_dsn: string;
}

/** One mistake may repeat itself with each frame. */
const mostReports = 10;

type Reporter = (error: unknown) => void;

let reporter: Promise<Reporter | undefined> | undefined;
const reported = new Set<unknown>();

/** Reports an error once. What cannot be reported is let go: it must not make matters worse. */
export async function report(error: unknown): Promise<void> {
  if (reported.has(error) || reported.size >= mostReports) return;
  reported.add(error);
  try {
    reporter ??= start();
    const send = await reporter;
    send?.(error);
  } catch {
    // There is no connection, or something in the browser keeps reports from being sent.
    reporter = undefined;
  }
}

/** Reports what nobody caught. */
export function reportUncaught(): void {
  window.addEventListener("error", (event) => void report(event.error));
  window.addEventListener("unhandledrejection", (event) => void report(event.reason));
}

async function start(): Promise<Reporter | undefined> {
  const response = await fetch("/environment.json");
  if (!response.ok) return undefined;
  const { stage, sentry_dsn: dsn }: Environment = await response.json();
  if (!dsn) return undefined;
  const { BrowserClient, defaultStackParser, makeFetchTransport, Scope } = await import("@sentry/browser");
  const scope = new Scope();
  const client = new BrowserClient({
    dsn,
    environment: stage,
    integrations: [],
    stackParser: defaultStackParser,
    transport: (options) => makeFetchTransport(options, (...request) => fetch(...request)),
    beforeSend: (event) => ({
      ...event,
      // Only where it was: a query may hold what somebody searched for.
      request: { url: `${window.location.origin}${window.location.pathname}` },
    }),
  });
  scope.setClient(client);
  client.init();
  return (error) => {
    scope.captureException(error);
  };
}
