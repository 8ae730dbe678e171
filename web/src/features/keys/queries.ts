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

/** Makes a key. Nothing but `onMade` keeps the answer, and it gets it even if whoever asked is no longer on the page. */
function useNewKey<T>(ask: (wish: T) => Promise<ApiKey>, onMade: (key: ApiKey) => void) {
  const queries = useQueryClient();
  return useMutation({
    // A mutation that nobody looks at is dropped at once; who still looks at it resets it.
    gcTime: 0,
    mutationFn: ask,
    onSuccess: onMade,
    // Not waited for: the secret is shown whether or not the list can be fetched.
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: keysKey });
    },
  });
}

export function useCreateKey(onMade: (key: ApiKey) => void) {
  return useNewKey(
    ({ body, ...wish }: Wish & { body: ApiKeyRequest }) => unwrap(api.POST("/api/keys", { params: named(wish), body })),
    onMade,
  );
}

export function useRollKey(onMade: (key: ApiKey) => void) {
  return useNewKey(
    ({ id, overlapHours, ...wish }: Wish & { id: string; overlapHours: number }) =>
      unwrap(
        api.POST("/api/keys/{key_id}/roll", {
          params: { path: { key_id: id }, ...named(wish) },
          body: { overlap_hours: overlapHours },
        }),
      ),
    onMade,
  );
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
