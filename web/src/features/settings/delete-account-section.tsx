import { type FormEvent, useState } from "react";
import { asProblem } from "@/api/problem";
import type { AccountDeletion } from "@/api/schema";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { TextField } from "@/components/ui/field";
import { ProblemNotice } from "@/components/ui/problem-notice";
import { Section } from "@/components/ui/section";
import { useDeleteAccount } from "./queries";

interface DeleteAccountProps {
  email: string;
  onDeleted: (deletion: AccountDeletion) => void;
}

/** The end of the account and of everything that it owns. */
export function DeleteAccountSection({ email, onDeleted }: DeleteAccountProps) {
  const [isOpen, setIsOpen] = useState(false);
  const close = () => setIsOpen(false);
  return (
    <Section title="Delete the account" description="The account and everything that it owns. This cannot be undone.">
      <Button kind="danger" onClick={() => setIsOpen(true)}>
        Delete account
      </Button>
      <Dialog
        open={isOpen}
        onClose={close}
        title="Delete the account"
        description="These go, and cannot be brought back:"
      >
        <DeleteAccountForm email={email} onClose={close} onDeleted={onDeleted} />
      </Dialog>
    </Section>
  );
}

function DeleteAccountForm({ email, onClose, onDeleted }: DeleteAccountProps & { onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const remove = useDeleteAccount();
  const isMeant = typed.trim().toLowerCase() === email.toLowerCase();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isMeant && !remove.isPending) remove.mutate(undefined, { onSuccess: onDeleted });
  };
  return (
    <form onSubmit={submit} noValidate>
      <ul className="mt-2 list-disc space-y-1 pl-5 text-sm">
        <li>all jobs, with their photos and images; addresses of images stop working</li>
        <li>API keys, which are refused at once</li>
        <li>the webhook endpoint, its secret and all deliveries</li>
        <li>the connection to Google Drive; files in your Drive stay</li>
      </ul>
      <TextField
        className="mt-5"
        label={`Type ${email} to confirm`}
        type="email"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      {remove.error && <ProblemNotice problem={asProblem(remove.error)} className="mt-4" />}
      <div className="mt-6 flex flex-wrap justify-end gap-3">
        <Button kind="secondary" onClick={onClose}>
          Keep it
        </Button>
        <Button type="submit" kind="danger" disabled={!isMeant} isBusy={remove.isPending}>
          Delete account
        </Button>
      </div>
    </form>
  );
}
