import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiProblem } from "@/api/problem";
import { sessionEnded } from "@/features/session/session-state";

/** Refusals stay refusals; only trouble on the way or on our side is worth another try. */
const MOST_RETRIES = 2;

function noteEnd(error: unknown) {
  if (error instanceof ApiProblem && error.isSignedOut) sessionEnded();
}

/** The one place that server state lives in. */
export function newQueryClient(): QueryClient {
  return new QueryClient({
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
}
