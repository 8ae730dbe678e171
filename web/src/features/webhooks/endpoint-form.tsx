import { type FormEvent, useState } from "react";
import { asProblem } from "@/api/problem";
import type { WebhookEndpoint } from "@/api/schema";
import { Button } from "@/components/ui/button";
import { CheckField } from "@/components/ui/check-field";
import { TextField } from "@/components/ui/field";
import { ProblemNotice } from "@/components/ui/problem-notice";
import { type EventType, eventTypes } from "./event-types";
import { Findings } from "./findings";
import { useSaveEndpoint } from "./queries";

interface EndpointFormProps {
  endpoint: WebhookEndpoint | null;
  onRemove: () => void;
}

const allTypes = eventTypes.map(({ type }) => type);

/** Where events go and which; saving checks the address. */
export function EndpointForm({ endpoint, onRemove }: EndpointFormProps) {
  const [url, setUrl] = useState(endpoint?.url ?? "");
  const [events, setEvents] = useState<readonly EventType[]>(endpoint?.events ?? allTypes);
  const [isChecked, setIsChecked] = useState(false);
  const save = useSaveEndpoint();
  const problem = save.error ? asProblem(save.error) : undefined;
  const wrongEvents = isChecked && events.length === 0 ? "Choose at least one." : undefined;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setIsChecked(true);
    if (save.isPending || events.length === 0) return;
    // Whoever wants every type wants those that are still to come, too.
    const isEvery = allTypes.every((type) => events.includes(type));
    save.mutate({ url: url.trim(), ...(!isEvery && { events: [...events] }) });
  };

  return (
    <form onSubmit={submit} noValidate>
      <TextField
        label="Address"
        type="url"
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        placeholder="https://shop.example/packshot"
        hint="https, and to be reached from the public internet."
        value={url}
        onChange={(event) => setUrl(event.target.value)}
        error={problem?.field("url")}
      />
      <fieldset className="mt-5">
        <legend className="text-sm font-semibold">Events</legend>
        <div className="sm:grid sm:grid-cols-2 sm:gap-x-6">
          {eventTypes.map(({ type, when }) => (
            <CheckField
              key={type}
              label={<code className="font-mono">{type}</code>}
              hint={when}
              checked={events.includes(type)}
              onChange={(event) =>
                setEvents(allTypes.filter((one) => (one === type ? event.target.checked : events.includes(one))))
              }
            />
          ))}
        </div>
        {wrongEvents && (
          <p role="alert" className="mt-1 text-sm text-red">
            {wrongEvents}
          </p>
        )}
      </fieldset>
      {problem && <ProblemNotice problem={problem} className="mt-5" />}
      <div className="mt-5 flex flex-wrap items-center gap-3">
        <Button type="submit" isBusy={save.isPending}>
          {save.isPending ? "Checking the address" : endpoint ? "Save and check" : "Save endpoint"}
        </Button>
        {endpoint && (
          <Button kind="danger" onClick={onRemove}>
            Remove
          </Button>
        )}
      </div>
      {endpoint?.check && !save.isPending && !problem && <Findings {...endpoint.check} />}
    </form>
  );
}
