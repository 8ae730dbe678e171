import { PageTitle } from "@/app/page-title";

export function JobsPage() {
  return <PageTitle>Jobs</PageTitle>;
}
