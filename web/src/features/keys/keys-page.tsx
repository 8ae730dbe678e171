import { PageTitle } from "@/app/page-title";

export function KeysPage() {
  return <PageTitle>API keys</PageTitle>;
}
