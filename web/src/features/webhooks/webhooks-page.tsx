import { PageTitle } from "@/app/page-title";
import { DeliveriesSection } from "./deliveries-section";
import { EndpointSection } from "./endpoint-section";
import { SecretSection } from "./secret-section";
import { TestSection } from "./test-section";

/** Where events go, what they are signed with, and what became of them. */
export function WebhooksPage() {
  return (
    <>
      <PageTitle>Webhooks</PageTitle>
      <p className="mt-2 max-w-2xl text-sm text-pretty text-muted">
        Your server hears of a job’s end from us, without asking. What does not arrive is tried again for about two
        days.
      </p>
      <EndpointSection />
      <SecretSection />
      <TestSection />
      <DeliveriesSection />
    </>
  );
}
