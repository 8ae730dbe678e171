import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { asProblem } from "@/api/problem";
import type { WebhookSecret } from "@/api/schema";
import { Button } from "@/components/ui/button";
import { ProblemNotice } from "@/components/ui/problem-notice";
import { RevealOnce } from "@/components/ui/reveal-once";
import { Section } from "@/components/ui/section";
import { TimeText } from "@/components/ui/time-text";
import { useMe } from "@/features/session/queries";
import { secretQuery, useRevealSecret } from "./queries";
import { isRevealed } from "./revealed";
import { RotateSecretDialog } from "./rotate-secret-dialog";

/** What webhooks are signed with: shown once, on the person's word, and changed here. */
export function SecretSection() {
  const userId = useMe().data?.id ?? "";
  const known = useQuery(secretQuery(isRevealed(userId)));
  const [isRotating, setIsRotating] = useState(false);
  // The secret is nowhere but here, and here only until the person says that they have it.
  const [secret, setSecret] = useState<string>();

  const show = (answer: WebhookSecret) => {
    setIsRotating(false);
    setSecret(answer.secret ?? undefined);
  };
  const reveal = useRevealSecret(userId, show);
  const error = reveal.error ?? known.error;

  return (
    <Section
      title="Signing secret"
      description="Every webhook is signed with it (Standard Webhooks), so that your server can tell ours from a forgery."
    >
      <div className="panel p-4 sm:p-6">
        {known.data ? (
          <Known secret={known.data} />
        ) : (
          <p className="text-sm">
            It is shown once, when you ask for it the first time. Have a place ready to keep it. If you no longer have
            it, rotate it.
          </p>
        )}
        {error && <ProblemNotice problem={asProblem(error)} className="mt-4" />}
        <div className="mt-5 flex flex-wrap gap-3">
          {!known.data && (
            <Button
              kind="secondary"
              isBusy={reveal.isPending}
              onClick={() => reveal.mutate(undefined, { onSuccess: () => reveal.reset() })}
            >
              Reveal secret
            </Button>
          )}
          <Button kind="secondary" onClick={() => setIsRotating(true)}>
            Rotate secret
          </Button>
        </div>
      </div>
      <RotateSecretDialog userId={userId} open={isRotating} onClose={() => setIsRotating(false)} onRotated={show} />
      <RevealOnce
        secret={secret}
        title="Your signing secret"
        description="This is the only time that it is shown. If it gets lost, rotate it."
        what="secret"
        onDone={() => setSecret(undefined)}
      />
    </Section>
  );
}

function Known({ secret }: { secret: Omit<WebhookSecret, "secret"> }) {
  return (
    <div className="text-sm">
      <p>
        <code className="font-mono">whsec_…{secret.last_four}</code>
        {secret.created_at && (
          <span className="text-muted">
            , created <TimeText moment={secret.created_at} />
          </span>
        )}
      </p>
      <p className="mt-1 text-muted">
        It was shown
        {secret.revealed_at && (
          <>
            {" "}
            <TimeText moment={secret.revealed_at} />
          </>
        )}{" "}
        and is not shown again.
      </p>
      {secret.ending.length > 0 && (
        <>
          <h3 className="mt-4 font-semibold">Still signing beside it</h3>
          <ul className="mt-1 space-y-1">
            {secret.ending.map((old) => (
              <li key={`${old.last_four}${old.ends_at}`}>
                <code className="font-mono">whsec_…{old.last_four}</code>
                <span className="text-muted">
                  , ends <TimeText moment={old.ends_at} />
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
