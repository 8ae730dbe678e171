import { type QueryClient, queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { paths } from "@/app/paths";
import { rememberSession } from "./session-mark";
import { takesOver } from "./session-state";

/** Who is signed in, with their limits. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async ({ signal }) => {
    const me = await unwrap(api.GET("/api/me", { signal }));
    // Whoever has signed out meanwhile is not remembered by an answer that was on its way.
    signal.throwIfAborted();
    rememberSession(true);
    // Somebody else has signed in, here or in another window: nothing that is drawn may be of the one before.
    if (takesOver(me.id)) window.location.reload();
    return me;
  },
  staleTime: 30_000,
});

export function useMe() {
  return useQuery(meQuery);
}

/** To be called when the session is over by the person's own will: no answer that is on its way calls it back to mind. */
export async function forgetSession(queries: QueryClient) {
  await queries.cancelQueries({ queryKey: meQuery.queryKey });
  rememberSession(false);
}

/** Leaves the application: nobody is signed in here any more. */
export async function leave(queries: QueryClient) {
  await forgetSession(queries);
  window.location.assign(paths.landing);
}

/** Ends the session here, and shows the landing page. */
export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      const response = await fetch("/auth/logout", { method: "POST" });
      if (!response.ok) throw new Error(`signing out was answered with ${response.status}`);
    },
    onSuccess: () => leave(queries),
  });
}

/** Where the browser goes to sign in, and to come back to a path of ours. */
export function signInUrl(next: string): string {
  return `/auth/google/login?next=${encodeURIComponent(next)}`;
}
