import type { ApiKey } from "@/api/schema";
import { Disclosure } from "@/components/ui/disclosure";
import { plural } from "@/lib/format";
import { KeyRow } from "./key-row";

interface KeyListProps {
  /** `undefined` while they are on their way. */
  keys: readonly ApiKey[] | undefined;
  onRoll: (key: ApiKey) => void;
  onRevoke: (key: ApiKey) => void;
}

const list = "panel divide-y divide-hairline";

/** Keys that work, newest first, and below them, folded away, those that have ended. */
export function KeyList({ keys, onRoll, onRevoke }: KeyListProps) {
  if (!keys) return <Skeleton />;
  const newestFirst = keys.toSorted((one, other) => other.created_at.localeCompare(one.created_at));
  const active = newestFirst.filter((key) => key.status === "active");
  const ended = newestFirst.filter((key) => key.status !== "active");
  return (
    <>
      {active.length > 0 ? (
        <ul aria-label="Keys" className={list}>
          {active.map((key) => (
            <KeyRow key={key.id} apiKey={key} onRoll={() => onRoll(key)} onRevoke={() => onRevoke(key)} />
          ))}
        </ul>
      ) : (
        <p className="panel p-4 text-sm text-muted">No key works at the moment.</p>
      )}
      {ended.length > 0 && (
        <Disclosure summary={plural(ended.length, "revoked or expired key")} className="mt-4">
          <ul aria-label="Revoked and expired keys" className={`${list} mt-2`}>
            {ended.map((key) => (
              <KeyRow key={key.id} apiKey={key} />
            ))}
          </ul>
        </Disclosure>
      )}
    </>
  );
}

/** Two rows of the size that keys have. */
function Skeleton() {
  return (
    <div role="status" className={list}>
      <span className="sr-only">Loading your keys</span>
      {[1, 2].map((row) => (
        <div key={row} aria-hidden="true" className="h-37 p-4">
          <div className="h-5 w-40 rounded-md bg-hairline" />
          <div className="mt-3 h-4 w-56 rounded-md bg-hairline" />
          <div className="mt-6 h-8 w-72 max-w-full rounded-md bg-hairline" />
        </div>
      ))}
    </div>
  );
}
