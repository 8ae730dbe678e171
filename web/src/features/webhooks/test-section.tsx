import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { asProblem } from "@/api/problem";
import { Button } from "@/components/ui/button";
import { SelectField, TextField } from "@/components/ui/field";
import { ProblemNotice } from "@/components/ui/problem-notice";
import { Section } from "@/components/ui/section";
import { type EventType, eventTypes } from "./event-types";
import { Findings } from "./findings";
import { endpointQuery, useTestWebhook } from "./queries";

/** Sends a sample event to any address, and tells what came of it. */
export function TestSection() {
  const endpoint = useQuery(endpointQuery);
  const [typed, setTyped] = useState<string>();
  const [type, setType] = useState<EventType>("job.completed");
  const test = useTestWebhook();
  const problem = test.error ? asProblem(test.error) : undefined;
  // Until something is typed it is the endpoint's address.
  const url = typed ?? endpoint.data?.url ?? "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!test.isPending) test.mutate({ url: url.trim(), type });
  };
  return (
    <Section
      title="Test event"
      description="Signed and sent as a real one is, once and at once. Its ids are zeros and its data.test is true. At most ten a minute."
    >
      <form onSubmit={submit} noValidate className="panel p-4 sm:p-6">
        <div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_14rem]">
          <TextField
            label="Send it to"
            type="url"
            inputMode="url"
            autoComplete="off"
            spellCheck={false}
            placeholder="https://shop.example/packshot"
            value={url}
            onChange={(event) => setTyped(event.target.value)}
            error={problem?.field("url")}
          />
          <SelectField label="Type" value={type} onChange={(event) => setType(event.target.value as EventType)}>
            {eventTypes.map((one) => (
              <option key={one.type} value={one.type}>
                {one.type}
              </option>
            ))}
          </SelectField>
        </div>
        <Button type="submit" kind="secondary" className="mt-5" isBusy={test.isPending}>
          Send test event
        </Button>
        {problem && <ProblemNotice problem={problem} className="mt-4" />}
        {test.data && (
          <>
            <Findings {...test.data} />
            {test.data.answer && (
              <pre className="mt-3 max-h-48 overflow-auto rounded-md border border-hairline p-3 font-mono text-xs break-all whitespace-pre-wrap">
                {test.data.answer}
              </pre>
            )}
          </>
        )}
      </form>
    </Section>
  );
}
