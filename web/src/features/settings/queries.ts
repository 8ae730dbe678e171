import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { forgetSession, leave, meQuery } from "@/features/session/queries";

export const driveQuery = queryOptions({
  queryKey: ["drive", "connection"] as const,
  queryFn: ({ signal }) => unwrap(api.GET("/api/drive", { signal })),
});

export function useDisconnectDrive() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.DELETE("/api/drive")),
    // Files of a Drive that was connected are not to be seen any more.
    onSuccess: () => queries.invalidateQueries({ queryKey: ["drive"] }),
  });
}

const sessionsKey = ["sessions"] as const;

export const sessionsQuery = queryOptions({
  queryKey: sessionsKey,
  queryFn: async ({ signal }) => (await unwrap(api.GET("/api/sessions", { signal }))).data,
});

interface SessionToEnd {
  id: string;
  current: boolean;
}

/** `onEnded` is called when another session is over and gone from the list. */
export function useEndSession(onEnded: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id }: SessionToEnd) =>
      unwrap(api.DELETE("/api/sessions/{session_id}", { params: { path: { session_id: id } } })),
    onSuccess: async (_, { current }) => {
      if (current) return leave(queries);
      await queries.invalidateQueries({ queryKey: sessionsKey });
      onEnded();
    },
  });
}

export function useEndAllSessions() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.POST("/api/sessions/revoke-all")),
    onSuccess: () => leave(queries),
  });
}

/**
 * For so long, in milliseconds, nothing on the page that says goodbye looks who is signed in: the answer would be nobody, and
 * there is nobody to sign in again.
 */
const GOODBYE = 86_400_000;

export function useDeleteAccount() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.DELETE("/api/me")),
    onSuccess: async () => {
      await forgetSession(queries);
      queries.setQueryData(meQuery.queryKey, (me) => me, { updatedAt: Date.now() + GOODBYE });
    },
  });
}
