import type { ReactNode } from "react";
import type { ApiKey } from "@/api/schema";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { TimeText } from "@/components/ui/time-text";

/** A key as it may be shown: `packshot_live_…4f2a`. */
export function maskedKey(key: ApiKey): string {
  return `${key.prefix}…${key.last_four}`;
}

const badges = {
  active: { tone: "good", word: "Active" },
  expired: { tone: "neutral", word: "Expired" },
  revoked: { tone: "bad", word: "Revoked" },
} as const;

interface KeyRowProps {
  apiKey: ApiKey;
  /** Left out for keys that have ended. */
  onRoll?: () => void;
  onRevoke?: () => void;
}

export function KeyRow({ apiKey, onRoll, onRevoke }: KeyRowProps) {
  const { tone, word } = badges[apiKey.status];
  return (
    <li className="grid gap-x-6 gap-y-4 p-4 md:grid-cols-[minmax(0,1fr)_auto] md:items-start">
      <div className="min-w-0">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h2 className="min-w-0 font-semibold break-words">{apiKey.name}</h2>
          <Badge tone={tone}>{word}</Badge>
        </div>
        <code className="mt-1 block font-mono text-sm break-all">{maskedKey(apiKey)}</code>
        <dl className="mt-3 grid grid-cols-2 gap-x-6 gap-y-3 text-sm sm:flex sm:flex-wrap sm:gap-x-10">
          <Fact name="Scopes">{apiKey.scopes.join(", ")}</Fact>
          <Fact name="Created">
            <TimeText moment={apiKey.created_at} />
          </Fact>
          <Fact name="Last used">{apiKey.last_used_at ? <TimeText moment={apiKey.last_used_at} /> : "Never"}</Fact>
          <End apiKey={apiKey} />
        </dl>
      </div>
      {(onRoll || onRevoke) && (
        <div className="flex gap-3">
          {onRoll && (
            <Button kind="secondary" onClick={onRoll} aria-label={`Roll ${apiKey.name}`}>
              Roll
            </Button>
          )}
          {onRevoke && (
            <Button kind="danger" onClick={onRevoke} aria-label={`Revoke ${apiKey.name}`}>
              Revoke
            </Button>
          )}
        </div>
      )}
    </li>
  );
}

function End({ apiKey }: { apiKey: ApiKey }) {
  if (apiKey.revoked_at) {
    return (
      <Fact name="Revoked">
        <TimeText moment={apiKey.revoked_at} />
      </Fact>
    );
  }
  return (
    <Fact name={apiKey.status === "expired" ? "Expired" : "Expires"}>
      {apiKey.expires_at ? <TimeText moment={apiKey.expires_at} /> : "Never"}
    </Fact>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-xs text-muted">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
