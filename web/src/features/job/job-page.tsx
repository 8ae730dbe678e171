import { PageTitle } from "@/app/page-title";

export function JobPage() {
  return <PageTitle>Job</PageTitle>;
}
