import { PageTitle } from "@/app/page-title";

export function NewJobPage() {
  return <PageTitle>New job</PageTitle>;
}
