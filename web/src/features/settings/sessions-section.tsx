import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { asProblem } from "@/api/problem";
import type { Session } from "@/api/schema";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { ProblemNotice } from "@/components/ui/problem-notice";
import { Section } from "@/components/ui/section";
import { TimeText } from "@/components/ui/time-text";
import { sessionsQuery, useEndAllSessions, useEndSession } from "./queries";

/** Where the account is signed in. */
export function SessionsSection() {
  const sessions = useQuery(sessionsQuery);
  const [isEndingAll, setIsEndingAll] = useState(false);
  const endAll = useEndAllSessions();
  const list = useRef<HTMLUListElement>(null);
  const close = () => {
    endAll.reset();
    setIsEndingAll(false);
  };
  return (
    <Section
      title="Sessions"
      description="Where you are signed in. One that you do not know? Sign out everywhere, then check your Google account."
      action={
        <Button kind="secondary" onClick={() => setIsEndingAll(true)}>
          Sign out everywhere
        </Button>
      }
    >
      {sessions.error && !sessions.data ? (
        <ProblemNotice problem={asProblem(sessions.error)} onRetry={() => sessions.refetch()} />
      ) : (
        <ul ref={list} tabIndex={-1} aria-label="Sessions" className="panel min-h-20 divide-y divide-hairline">
          {sessions.data?.map((session) => (
            <SessionRow
              key={session.id}
              session={session}
              // The button goes with its row, and the focus would be lost.
              onEnded={() => list.current?.focus()}
            />
          ))}
        </ul>
      )}
      <ConfirmDialog
        open={isEndingAll}
        onClose={close}
        title="Sign out everywhere"
        description="Every session ends, this one too. API keys go on working, and so do jobs that are under way."
        action="Sign out everywhere"
        onConfirm={() => endAll.mutate()}
        isBusy={endAll.isPending || endAll.isSuccess}
        error={endAll.error}
      />
    </Section>
  );
}

interface SessionRowProps {
  session: Session;
  onEnded: () => void;
}

function SessionRow({ session, onEnded }: SessionRowProps) {
  const end = useEndSession(onEnded);
  return (
    <li className="p-4">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 text-sm">
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <span className="font-semibold">{session.device}</span>
            {session.current && <Badge tone="good">This one</Badge>}
          </p>
          <p className="text-muted">
            Last used <TimeText moment={session.last_used_at} />, signed in <TimeText moment={session.created_at} />
          </p>
        </div>
        <Button
          kind="secondary"
          aria-label={session.current ? "Sign out here" : `Sign out of ${session.device}`}
          isBusy={end.isPending || (end.isSuccess && session.current)}
          onClick={() => end.mutate({ id: session.id, current: session.current })}
        >
          Sign out
        </Button>
      </div>
      {end.error && <ProblemNotice problem={asProblem(end.error)} className="mt-3" />}
    </li>
  );
}
