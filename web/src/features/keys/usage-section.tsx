import { useQuery } from "@tanstack/react-query";
import { ToggleGroup } from "radix-ui";
import { useState } from "react";
import { asProblem } from "@/api/problem";
import type { ApiKey } from "@/api/schema";
import { SelectField } from "@/components/ui/field";
import { ProblemNotice } from "@/components/ui/problem-notice";
import { Section } from "@/components/ui/section";
import { UsageChart } from "@/components/usage-chart";
import { plural, usd } from "@/lib/format";
import { usageQuery } from "./queries";
import { asUsd, keysOfUsage, type Measure, usageByDay, usageTotal, type Whose } from "./usage-days";
import { UsageTable } from "./usage-table";

const measures: Record<Measure, { name: string; format: (value: number) => string }> = {
  requests: { name: "Requests", format: (value) => plural(value, "request") },
  jobs: { name: "Jobs", format: (value) => plural(value, "job") },
  images: { name: "Images", format: (value) => plural(value, "image") },
  cost: { name: "Cost", format: (value) => usd(asUsd(value)) },
};

const ALL = "all";
const PAGE = "page";

function whoseOf(choice: string): Whose {
  if (choice === ALL || choice === PAGE) return { kind: choice };
  return { kind: "key", id: choice };
}

/** What was used in the last thirty days, as bars and as numbers. */
export function UsageSection({ keys }: { keys: readonly ApiKey[] }) {
  const usage = useQuery(usageQuery());
  const [measure, setMeasure] = useState<Measure>("requests");
  const [choice, setChoice] = useState(ALL);
  const { name, format } = measures[measure];

  const rows = usage.data ?? [];
  const days = usageByDay(rows, whoseOf(choice));
  const total = usageTotal(days);
  const nameOf = (id: string) => {
    const key = keys.find((one) => one.id === id);
    return key ? `${key.name} (…${key.last_four})` : `${id.slice(0, 12)}…`;
  };
  const active = keys.filter((key) => key.status === "active").map((key) => key.id);
  const choices = [...new Set([...active, ...keysOfUsage(rows)])];

  return (
    <Section
      title="Usage"
      description="The last 30 days, in UTC. Requests and jobs count on the day they come in, images and Gemini’s charges for them on the day their job ends."
    >
      {usage.error && !usage.data ? (
        <ProblemNotice problem={asProblem(usage.error)} onRetry={() => usage.refetch()} />
      ) : (
        <div className="panel p-4 sm:p-6">
          <div className="flex flex-wrap items-end justify-between gap-4">
            <ToggleGroup.Root
              type="single"
              aria-label="What is shown"
              value={measure}
              // Pressing the one that is chosen would choose none.
              onValueChange={(value) => value && setMeasure(value as Measure)}
              className="grid w-full grid-cols-2 gap-2 sm:flex sm:w-auto"
            >
              {Object.entries(measures).map(([value, one]) => (
                <ToggleGroup.Item
                  key={value}
                  value={value}
                  className="flex min-h-11 flex-col rounded-md border border-edge px-4 py-1.5 text-left hover:border-ink data-[state=on]:border-ink data-[state=on]:bg-ink data-[state=on]:text-paper"
                >
                  <span className="text-xs">{one.name}</span>
                  <span className="text-base font-semibold tabular-nums">
                    {usage.data ? amount(value as Measure, total[value as Measure]) : "–"}
                  </span>
                </ToggleGroup.Item>
              ))}
            </ToggleGroup.Root>
            <SelectField
              className="w-full sm:w-64"
              label="Used by"
              value={choice}
              onChange={(event) => setChoice(event.target.value)}
            >
              <option value={ALL}>Everything</option>
              <option value={PAGE}>This page</option>
              {choices.map((id) => (
                <option key={id} value={id}>
                  {nameOf(id)}
                </option>
              ))}
            </SelectField>
          </div>
          <div className="mt-6">
            <UsageChart
              bars={days.map((day) => ({ day: day.day, value: day[measure] }))}
              format={format}
              label={`${name} by day in the last 30 days: ${format(total[measure])} in all. The numbers are in the table below.`}
              summary={usage.data ? `${format(total[measure])} in 30 days` : "Counting…"}
            />
          </div>
          <UsageTable days={days} total={total} amount={amount} />
        </div>
      )}
    </Section>
  );
}

/** A number of a measure without its noun. */
function amount(measure: Measure, value: number): string {
  return measure === "cost" ? usd(asUsd(value)) : value.toLocaleString("en-GB");
}
