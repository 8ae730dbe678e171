import { queryOptions, useMutation, useQuery } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { paths } from "@/app/paths";
import { rememberSession } from "./session-mark";
import { takesOver } from "./session-state";

/** Who is signed in, with their limits. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async ({ signal }) => {
    const me = await unwrap(api.GET("/api/me", { signal }));
    // Somebody else has signed in, here or in another window: nothing that is drawn may be of the one before.
    if (takesOver(me.id)) window.location.reload();
    return me;
  },
  staleTime: 30_000,
});

export function useMe() {
  return useQuery(meQuery);
}

/** Ends the session here. Whatever the API says, the person sees the landing page. */
export function useSignOut() {
  return useMutation({
    mutationFn: async () => {
      const response = await fetch("/auth/logout", { method: "POST" });
      if (!response.ok) throw new Error(`signing out was answered with ${response.status}`);
    },
    onSuccess: () => {
      rememberSession(false);
      window.location.assign(paths.landing);
    },
  });
}

/** Where the browser goes to sign in, and to come back to a path of ours. */
export function signInUrl(next: string): string {
  return `/auth/google/login?next=${encodeURIComponent(next)}`;
}
