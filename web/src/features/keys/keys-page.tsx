import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { asProblem } from "@/api/problem";
import type { ApiKey } from "@/api/schema";
import { PageTitle } from "@/app/page-title";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Notice } from "@/components/ui/notice";
import { ProblemNotice } from "@/components/ui/problem-notice";
import { RevealOnce } from "@/components/ui/reveal-once";
import { CreateKeyDialog } from "./create-key-dialog";
import { KeyList } from "./key-list";
import { keysQuery, MOST_KEYS } from "./queries";
import { QuickStart } from "./quick-start";
import { RevokeKeyDialog } from "./revoke-key-dialog";
import { RollKeyDialog } from "./roll-key-dialog";
import { UsageSection } from "./usage-section";

/** What is open over the page. */
type Open = { kind: "create" } | { kind: "roll" | "revoke"; key: ApiKey };

/** A person's API keys, and what they were used for. */
export function KeysPage() {
  const keys = useQuery(keysQuery);
  const [open, setOpen] = useState<Open>();
  // The secret is nowhere but here, and here only until the person says that they have it.
  const [shown, setShown] = useState<{ name: string; secret: string }>();
  const [lost, setLost] = useState<ApiKey>();

  const active = keys.data?.filter((key) => key.status === "active") ?? [];
  const isFull = active.length >= MOST_KEYS;
  const close = () => setOpen(undefined);
  const show = (made: ApiKey) => {
    close();
    setLost(made.key ? undefined : made);
    if (made.key) setShown({ name: made.name, secret: made.key });
  };
  const create = (
    <Button
      icon={<Plus aria-hidden="true" className="size-4" strokeWidth={1.5} />}
      disabled={isFull}
      onClick={() => setOpen({ kind: "create" })}
    >
      Create key
    </Button>
  );

  return (
    <>
      <PageTitle action={keys.data && keys.data.length > 0 && create}>API keys</PageTitle>
      <p className="mt-2 max-w-2xl text-sm text-pretty text-muted">
        With a key your programs use the API as you do. Keep it on your server: never in a page, an app or an address.
        {keys.data && ` ${active.length} of ${MOST_KEYS} keys are in use.`}
        {isFull && " Revoke one to create another."}
      </p>
      {lost && (
        <Notice tone="warning" className="mt-6">
          “{lost.name}” ({lost.last_four}) was created, but the answer that showed it was lost on the way, and it is
          shown only once. Revoke it and create another.
        </Notice>
      )}
      <div className="mt-6">
        {keys.error && !keys.data ? (
          <ProblemNotice problem={asProblem(keys.error)} onRetry={() => keys.refetch()} />
        ) : keys.data?.length === 0 ? (
          <EmptyState title="No keys yet" action={create}>
            Create one, and try it with the command below.
          </EmptyState>
        ) : (
          <KeyList
            keys={keys.data}
            onRoll={(key) => setOpen({ kind: "roll", key })}
            onRevoke={(key) => setOpen({ kind: "revoke", key })}
          />
        )}
      </div>
      <UsageSection keys={keys.data ?? []} />
      <QuickStart />
      <CreateKeyDialog open={open?.kind === "create"} onClose={close} onCreated={show} />
      <RollKeyDialog apiKey={open?.kind === "roll" ? open.key : undefined} onClose={close} onRolled={show} />
      <RevokeKeyDialog apiKey={open?.kind === "revoke" ? open.key : undefined} onClose={close} />
      <RevealOnce
        secret={shown?.secret}
        title={`Your key for “${shown?.name}”`}
        description="This is the only time that it is shown. We keep its hash and cannot show it again."
        what="key"
        onDone={() => setShown(undefined)}
      />
    </>
  );
}
