import { useState } from "react";
import type { AccountDeletion } from "@/api/schema";
import { PageTitle } from "@/app/page-title";
import { paths } from "@/app/paths";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { useMe } from "@/features/session/queries";
import { DeleteAccountSection } from "./delete-account-section";
import { DriveSection } from "./drive-section";
import { ProfileSection } from "./profile-section";
import { SessionsSection } from "./sessions-section";

/** The account: its limits, its Drive, its sessions and its end. */
export function SettingsPage() {
  const me = useMe();
  const [deletion, setDeletion] = useState<AccountDeletion>();
  if (deletion) return <Goodbye deletion={deletion} />;
  return (
    <>
      <PageTitle>Settings</PageTitle>
      <ProfileSection />
      <DriveSection />
      <SessionsSection />
      {me.data && <DeleteAccountSection email={me.data.email} onDeleted={setDeletion} />}
    </>
  );
}

/** What has become of the account. Nothing else on the page would work any more, so there is one way on. */
function Goodbye({ deletion }: { deletion: AccountDeletion }) {
  return (
    <>
      <PageTitle>Your account is closed</PageTitle>
      <Dialog open isSticky title="Your account is closed" description={deletion.detail}>
        <div className="mt-6 flex justify-end">
          <Button onClick={() => window.location.assign(paths.landing)}>Go to the start page</Button>
        </div>
      </Dialog>
    </>
  );
}
