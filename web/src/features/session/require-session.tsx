import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { Navigate, Outlet, useLocation } from "react-router";
import { asProblem } from "@/api/problem";
import { paths } from "@/app/paths";
import { ProblemNotice } from "@/components/ui/problem-notice";
import { Spinner } from "@/components/ui/spinner";
import { meQuery } from "./queries";
import { hadSession, rememberSession } from "./session-mark";

/**
 * Lets only people in who are signed in. Whoever was in stays in when the session ends: what they have typed is not lost,
 * and the {@link SessionEndedDialog} asks them to sign in again.
 */
export function RequireSession() {
  const me = useQuery(meQuery);
  const location = useLocation();
  const wasIn = useRef(false);
  if (me.data) wasIn.current = true;
  // Whoever was in the last time most likely still is: their page need not wait for the answer.
  if (wasIn.current || (me.isPending && hadSession())) return <Outlet />;
  if (me.isPending) return <Spinner label="Loading" className="mt-24" />;
  const problem = asProblem(me.error);
  if (problem.isSignedOut) {
    rememberSession(false);
    const next = encodeURIComponent(location.pathname + location.search);
    return <Navigate to={`${paths.signIn}?next=${next}`} replace />;
  }
  return <ProblemNotice problem={problem} onRetry={() => me.refetch()} className="mt-10" />;
}
