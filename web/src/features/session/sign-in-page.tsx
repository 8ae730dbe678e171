import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { Navigate, useSearchParams } from "react-router";
import { paths } from "@/app/paths";
import { Mark } from "@/components/mark";
import { ButtonAnchor } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { meQuery, signInUrl } from "./queries";

/** Why somebody is led here, by the code in the address (docs/decisions/0023). */
const reasons: Record<string, string> = {
  access_denied: "You did not allow it at Google, so you are not signed in. Nothing was changed.",
  attempt_expired: "That sign-in took too long. Start again; it takes a few seconds.",
  attempt_unknown: "That sign-in was begun in another browser, or its cookie was removed. Start again here.",
  rate_limited: "There were too many sign-ins from your network. Wait a minute and try again.",
  sign_in_failed: "Google's answer could not be verified, so you are not signed in. Try again.",
  email_not_verified:
    "Google has not verified the e-mail address of that account. Verify it there, or choose another account.",
  signed_out: "Sign in first, then connect your Google Drive.",
  drive_scope_missing: "The permission for Google Drive was not given. Sign in and try again, with the box ticked.",
  unavailable: "Google or our service does not answer at the moment. Try again in a minute.",
};

/** Only a path of ours is somewhere to go on to. */
function pathOfOurs(next: string | null): string {
  return next?.startsWith("/") && !next.startsWith("//") && !next.includes("\\") ? next : paths.jobs;
}

/** Where people sign in, and learn why they are not signed in. */
export function SignInPage() {
  const [query] = useSearchParams();
  const next = pathOfOurs(query.get("next"));
  const error = query.get("error");
  const me = useQuery({ ...meQuery, retry: false });
  useEffect(() => {
    document.title = "Sign in · Packshot";
  }, []);
  if (me.data && !error) return <Navigate to={next} replace />;
  return (
    <main id="main" className="mx-auto flex min-h-dvh max-w-sm flex-col justify-center px-4 py-12">
      <a href={paths.landing} aria-label="Packshot, the start page" className="self-start">
        <Mark className="text-xl" />
      </a>
      <h1 className="mt-8 text-xl font-semibold">Sign in</h1>
      {error && (
        <Notice tone="warning" className="mt-4">
          {reasons[error] ?? "You are not signed in. Try again."}
        </Notice>
      )}
      <p className="mt-4 text-muted">
        With your Google account. We learn your e-mail address, to tell you when images are ready, and nothing else.
        Your Drive is asked for only when you use it.
      </p>
      <ButtonAnchor href={signInUrl(next)} className="mt-6 w-full" icon={<GoogleLetter />}>
        Continue with Google
      </ButtonAnchor>
    </main>
  );
}

function GoogleLetter() {
  return (
    <svg aria-hidden="true" viewBox="0 0 24 24" className="size-4" fill="none" stroke="currentColor" strokeWidth="2.5">
      <path d="M20.5 12H12.500M20.5 12a8.5 8.5 0 1 1-2.6-6.1" strokeLinecap="round" />
    </svg>
  );
}
