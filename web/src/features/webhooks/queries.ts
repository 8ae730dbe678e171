import { infiniteQueryOptions, queryOptions, skipToken, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { ApiProblem } from "@/api/problem";
import type { WebhookEndpointRequest, WebhookSecret, WebhookTestRequest } from "@/api/schema";
import { pollInterval } from "./delivery-state";
import { rememberRevealed } from "./revealed";

const deliveriesKey = ["webhooks", "deliveries"] as const;

const PAGE_SIZE = 20;

/** The account's endpoint; `null` where there is none. */
export const endpointQuery = queryOptions({
  queryKey: ["webhooks", "endpoint"] as const,
  queryFn: async ({ signal }) => {
    try {
      return await unwrap(api.GET("/api/webhook-endpoint", { signal }));
    } catch (error) {
      if (error instanceof ApiProblem && error.code === "endpoint_not_found") return null;
      throw error;
    }
  },
});

export function useSaveEndpoint() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: WebhookEndpointRequest) => unwrap(api.PUT("/api/webhook-endpoint", { body })),
    onSuccess: (endpoint) => queries.setQueryData(endpointQuery.queryKey, endpoint),
  });
}

export function useRemoveEndpoint() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.DELETE("/api/webhook-endpoint")),
    onSuccess: () => queries.setQueryData(endpointQuery.queryKey, null),
  });
}

/** What may be known of the signing secret after it was shown: which it is, not what. */
type KnownSecret = Omit<WebhookSecret, "secret">;

/**
 * Which secret signs. Asking the API would use up the only time that it shows the secret, so this is only asked where that
 * time is known to be over; otherwise it is what the person's own reveal or rotation has told.
 */
export function secretQuery(isRevealed: boolean) {
  return queryOptions({
    queryKey: ["webhooks", "secret"] as const,
    queryFn: isRevealed
      ? async ({ signal }): Promise<KnownSecret> =>
          withoutSecret(await unwrap(api.GET("/api/webhooks/secret", { signal })))
      : skipToken,
  });
}

function withoutSecret({ secret: _, ...known }: WebhookSecret): KnownSecret {
  return known;
}

type OnSecret = (answer: WebhookSecret) => void;

/**
 * Takes a secret from the API. Nothing but `onSecret` keeps it, and it gets it even if the dialog that asked was closed
 * meanwhile.
 */
function useSecret<T>(userId: string, ask: (wish: T) => Promise<WebhookSecret>, onSecret: OnSecret) {
  const queries = useQueryClient();
  return useMutation({
    gcTime: 0,
    mutationFn: ask,
    onSuccess: (answer) => {
      rememberRevealed(userId);
      queries.setQueryData(secretQuery(true).queryKey, withoutSecret(answer));
      onSecret(answer);
    },
  });
}

export function useRevealSecret(userId: string, onSecret: OnSecret) {
  return useSecret(userId, () => unwrap(api.GET("/api/webhooks/secret")), onSecret);
}

export function useRotateSecret(userId: string, onSecret: OnSecret) {
  return useSecret(
    userId,
    (overlapHours: number) => unwrap(api.PUT("/api/webhooks/secret", { body: { overlap_hours: overlapHours } })),
    onSecret,
  );
}

export function useTestWebhook() {
  return useMutation({
    mutationFn: (body: WebhookTestRequest) => unwrap(api.POST("/api/webhook-test", { body })),
  });
}

/** What was sent, newest first; it is asked again for as long as something is under way. */
export const deliveriesQuery = infiniteQueryOptions({
  queryKey: deliveriesKey,
  queryFn: ({ pageParam, signal }) =>
    unwrap(
      api.GET("/api/webhook-deliveries", {
        params: { query: { limit: PAGE_SIZE, ...(pageParam && { starting_after: pageParam }) } },
        signal,
      }),
    ),
  initialPageParam: "",
  getNextPageParam: (page) => (page.has_more ? page.data.at(-1)?.id : undefined),
  refetchInterval: (query) => pollInterval(query.state.data?.pages.flatMap((page) => page.data) ?? []),
});

export function useReplay() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(api.POST("/api/webhook-deliveries/{event_id}/replay", { params: { path: { event_id: id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: deliveriesKey }),
  });
}

export function useReplayFailed() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (since: string) => unwrap(api.POST("/api/webhook-deliveries/replay", { body: { since } })),
    onSettled: () => queries.invalidateQueries({ queryKey: deliveriesKey }),
  });
}
