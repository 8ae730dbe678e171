import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { SelectField, TextField } from "@/components/ui/field";
import type { SectionProps } from "./details-section";
import { DEADLINE_HOURS, type DeadlineHours, ON_LATE, type OnLate } from "./terms";

const lateWords: Record<OnLate, string> = {
  fail: "Stop, and keep what is there",
  wait: "Wait for them, up to 48 hours more",
  fallback: "Make them one by one at once, at twice the price",
};

/** What most people leave as it is. */
export function MoreOptions({ draft, onChange, errors }: SectionProps) {
  const isWrong = Boolean(errors.deadline || errors.on_late || errors.max_cost_usd);
  const [isOpen, setIsOpen] = useState(Boolean(draft.deadline || draft.maxCost || draft.onLate !== "fail"));
  return (
    <details open={isOpen || isWrong} onToggle={(event) => setIsOpen(event.currentTarget.open)} className="group">
      <summary className="flex min-h-11 list-none items-center gap-2 text-sm font-semibold [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden="true"
          className="size-4 transition-transform group-open:rotate-90"
          strokeWidth={1.5}
        />
        More options
      </summary>
      <div className="mt-3 grid gap-5 sm:grid-cols-2">
        <SelectField
          label="When the images are to be there"
          name="deadline"
          value={draft.deadline}
          onChange={(event) => onChange({ deadline: event.target.value as DeadlineHours | "" })}
          error={errors.deadline}
        >
          <option value="">Within a day</option>
          {DEADLINE_HOURS.map((hours) => (
            <option key={hours} value={hours}>
              Within {hours} {hours === "1" ? "hour" : "hours"}
            </option>
          ))}
        </SelectField>
        <SelectField
          label="If they are late"
          name="on_late"
          value={draft.onLate}
          onChange={(event) => onChange({ onLate: event.target.value as OnLate })}
          error={errors.on_late}
        >
          {ON_LATE.map((choice) => (
            <option key={choice} value={choice}>
              {lateWords[choice]}
            </option>
          ))}
        </SelectField>
        <TextField
          label="The most it may cost, in US dollars"
          name="max_cost_usd"
          inputMode="decimal"
          value={draft.maxCost}
          onChange={(event) => onChange({ maxCost: event.target.value })}
          placeholder="0.50"
          autoComplete="off"
          hint="The job is not started if it is expected to cost more."
          error={errors.max_cost_usd}
        />
      </div>
    </details>
  );
}
