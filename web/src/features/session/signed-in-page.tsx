import { useEffect } from "react";
import { Link } from "react-router";
import { PageTitle } from "@/app/page-title";
import { paths } from "@/app/paths";
import { tellSignedIn } from "./session-state";

/** The end of signing in again in a window of its own: it tells the others, and goes. */
export function SignedInPage() {
  useEffect(() => {
    tellSignedIn();
    window.close();
  }, []);
  return (
    <main id="main" className="mx-auto max-w-md px-4 py-24 text-center">
      <PageTitle>You are signed in</PageTitle>
      <p className="mt-4">You can close this window and go on in the other one.</p>
      <p className="mt-4">
        <Link className="link" to={paths.jobs}>
          Or go to your jobs
        </Link>
      </p>
    </main>
  );
}
