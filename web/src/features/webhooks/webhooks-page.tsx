import { PageTitle } from "@/app/page-title";

export function WebhooksPage() {
  return <PageTitle>Webhooks</PageTitle>;
}
