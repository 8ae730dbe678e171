import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import type { ApiKey, ApiKeyRequest } from "@/api/schema";
import { firstDay } from "./usage-days";

/** How many keys that have not ended an account may have. */
export const MOST_KEYS = 20;

const keysKey = ["keys"] as const;

export const keysQuery = queryOptions({
  queryKey: keysKey,
  queryFn: async ({ signal }) => (await unwrap(api.GET("/api/keys", { signal }))).data,
});

/** What was used in the last thirty days, by day and key. */
export const usageQuery = () => {
  const since = firstDay();
  return queryOptions({
    queryKey: ["usage", since] as const,
    queryFn: async ({ signal }) => (await unwrap(api.GET("/api/usage", { params: { query: { since } }, signal }))).data,
  });
};

interface Wish {
  idempotencyKey: string;
}

const named = ({ idempotencyKey }: Wish) => ({ header: { "Idempotency-Key": idempotencyKey } });

/**
 * What a mutation that answers with a secret leaves behind: nothing. Whoever calls it takes the secret and resets it, and a
 * mutation that nobody looks at is dropped at once.
 */
const keepsNothing = { gcTime: 0 };

export function useCreateKey() {
  const queries = useQueryClient();
  return useMutation({
    ...keepsNothing,
    mutationFn: ({ body, ...wish }: Wish & { body: ApiKeyRequest }) =>
      unwrap(api.POST("/api/keys", { params: named(wish), body })),
    // Not waited for: the secret is shown whether or not the list can be fetched.
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: keysKey });
    },
  });
}

export function useRollKey() {
  const queries = useQueryClient();
  return useMutation({
    ...keepsNothing,
    mutationFn: ({ id, overlapHours, ...wish }: Wish & { id: string; overlapHours: number }) =>
      unwrap(
        api.POST("/api/keys/{key_id}/roll", {
          params: { path: { key_id: id }, ...named(wish) },
          body: { overlap_hours: overlapHours },
        }),
      ),
    // Not waited for: the secret is shown whether or not the list can be fetched.
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: keysKey });
    },
  });
}

export function useRevokeKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(api.DELETE("/api/keys/{key_id}", { params: { path: { key_id: id } } })),
    onSuccess: (revoked) => {
      queries.setQueryData(keysQuery.queryKey, (keys) =>
        keys?.map((key): ApiKey => (key.id === revoked.id ? revoked : key)),
      );
      return queries.invalidateQueries({ queryKey: keysKey });
    },
  });
}
