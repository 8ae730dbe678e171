import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiProblem } from "@/api/problem";
import { meQuery } from "@/features/session/queries";
import { sessionEnded } from "@/features/session/session-state";

/** Refusals stay refusals; only trouble on the way or on our side is worth another try. */
const MOST_RETRIES = 2;

/** The one place that server state lives in. */
export function newQueryClient(): QueryClient {
  // Whoever was never in has no session to lose: they are led to the sign-in.
  const noteEnd = (error: unknown) => {
    const wasIn = client.getQueryData(meQuery.queryKey) !== undefined;
    if (wasIn && error instanceof ApiProblem && error.isSignedOut) sessionEnded();
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError: noteEnd }),
    mutationCache: new MutationCache({ onError: noteEnd }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (count, error) => count < MOST_RETRIES && !(error instanceof ApiProblem && !error.retryable),
      },
      mutations: { retry: false },
    },
  });
  return client;
}
