import { type FormEvent, useState } from "react";
import { asProblem } from "@/api/problem";
import type { ApiKey } from "@/api/schema";
import { Button } from "@/components/ui/button";
import { CheckField } from "@/components/ui/check-field";
import { Dialog } from "@/components/ui/dialog";
import { SelectField, TextField } from "@/components/ui/field";
import { ProblemNotice } from "@/components/ui/problem-notice";
import { dateValue, type Expiry, expiresAt, expiries, expiryProblem } from "./expiry";
import { useCreateKey } from "./queries";
import { useWish } from "./wish";

const scopes = [
  { name: "generate", allows: "Start, cancel and delete jobs, upload photos, send webhooks again." },
  { name: "read", allows: "Read jobs, usage and webhook deliveries." },
] as const;

type Scope = (typeof scopes)[number]["name"];

interface CreateKeyDialogProps {
  open: boolean;
  onClose: () => void;
  onCreated: (key: ApiKey) => void;
}

/** Asks what a new key is for and what it may do. */
export function CreateKeyDialog({ open, onClose, onCreated }: CreateKeyDialogProps) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Create a key"
      description="Give each program a key of its own. Then you can see what it does, and revoke it alone."
    >
      <CreateKeyForm onClose={onClose} onCreated={onCreated} />
    </Dialog>
  );
}

function CreateKeyForm({ onClose, onCreated }: Omit<CreateKeyDialogProps, "open">) {
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState<readonly Scope[]>(["generate", "read"]);
  const [expiry, setExpiry] = useState<Expiry>("never");
  const [date, setDate] = useState("");
  const [isChecked, setIsChecked] = useState(false);
  const create = useCreateKey(onCreated);
  const wishOf = useWish();
  const problem = create.error ? asProblem(create.error) : undefined;

  const wrong = {
    name: name.trim() ? undefined : "Say what the key is for.",
    scopes: chosen.length > 0 ? undefined : "Choose at least one.",
    date: expiryProblem(expiry, date),
  };
  const shown = isChecked ? wrong : { name: undefined, scopes: undefined, date: undefined };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setIsChecked(true);
    if (create.isPending || wrong.name || wrong.scopes || wrong.date) return;
    const content = { name: name.trim(), scopes: [...chosen] };
    const wish = wishOf({ ...content, expiry, date });
    const end = expiresAt(expiry, date, wish.since);
    create.mutate(
      { idempotencyKey: wish.name, body: { ...content, ...(end && { expires_at: end }) } },
      { onSuccess: () => create.reset() },
    );
  };

  return (
    <form onSubmit={submit} noValidate className="mt-5">
      <TextField
        label="Name"
        hint="Such as the program or shop that uses it."
        value={name}
        maxLength={100}
        autoComplete="off"
        onChange={(event) => setName(event.target.value)}
        error={shown.name ?? problem?.field("name")}
      />
      <fieldset className="mt-5">
        <legend className="text-sm font-semibold">What it may do</legend>
        {scopes.map((scope) => (
          <CheckField
            key={scope.name}
            label={<code className="font-mono">{scope.name}</code>}
            hint={scope.allows}
            checked={chosen.includes(scope.name)}
            onChange={(event) =>
              setChosen(
                scopes
                  .map((one) => one.name)
                  .filter((one) => (one === scope.name ? event.target.checked : chosen.includes(one))),
              )
            }
          />
        ))}
        {shown.scopes && (
          <p role="alert" className="mt-1 text-sm text-red">
            {shown.scopes}
          </p>
        )}
      </fieldset>
      <div className="mt-4 grid gap-4 sm:grid-cols-2">
        <SelectField label="Expires" value={expiry} onChange={(event) => setExpiry(event.target.value as Expiry)}>
          {expiries.map(({ value, words }) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </SelectField>
        {expiry === "date" && (
          <TextField
            label="Last day"
            type="date"
            min={dateValue(new Date())}
            value={date}
            onChange={(event) => setDate(event.target.value)}
            error={shown.date ?? problem?.field("expires_at")}
          />
        )}
      </div>
      {problem && <ProblemNotice problem={problem} className="mt-5" />}
      <div className="mt-6 flex flex-wrap justify-end gap-3">
        <Button kind="secondary" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" isBusy={create.isPending}>
          Create key
        </Button>
      </div>
    </form>
  );
}
