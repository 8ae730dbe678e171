import { PageTitle } from "@/app/page-title";

export function SettingsPage() {
  return <PageTitle>Settings</PageTitle>;
}
