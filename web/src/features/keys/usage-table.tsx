import { Disclosure } from "@/components/ui/disclosure";
import { shortDay } from "@/components/usage-chart";
import type { Measure, UsageDay } from "./usage-days";

interface UsageTableProps {
  days: readonly UsageDay[];
  total: Record<Measure, number>;
  amount: (measure: Measure, value: number) => string;
}

const columns: [Measure, string][] = [
  ["requests", "Requests"],
  ["jobs", "Jobs"],
  ["images", "Images"],
  ["cost", "Cost"],
];

const cell = "py-2 pl-2 text-right font-normal tabular-nums";

/** The same as the bars in numbers; days on which nothing was used are left out. */
export function UsageTable({ days, total, amount }: UsageTableProps) {
  const used = days.filter((day) => columns.some(([measure]) => day[measure] > 0)).toReversed();
  return (
    <Disclosure summary="The numbers by day" className="mt-4">
      <table className="mt-1 w-full text-xs sm:table-fixed sm:text-sm">
        <caption className="sr-only">Usage by day, newest first</caption>
        <thead className="text-muted">
          <tr>
            <th scope="col" className="py-2 text-left font-normal">
              Day
            </th>
            {columns.map(([measure, name]) => (
              <th key={measure} scope="col" className={cell}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-hairline border-y border-hairline">
          {used.map((day) => (
            <tr key={day.day}>
              <th scope="row" className="py-2 text-left font-normal whitespace-nowrap">
                {shortDay(day.day)}
              </th>
              {columns.map(([measure]) => (
                <td key={measure} className={cell}>
                  {amount(measure, day[measure])}
                </td>
              ))}
            </tr>
          ))}
          {used.length === 0 && (
            <tr>
              <td colSpan={columns.length + 1} className="py-3 text-muted">
                Nothing was used in these 30 days.
              </td>
            </tr>
          )}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" className="py-2 text-left">
              30 days
            </th>
            {columns.map(([measure]) => (
              <td key={measure} className={`${cell} font-semibold`}>
                {amount(measure, total[measure])}
              </td>
            ))}
          </tr>
        </tfoot>
      </table>
    </Disclosure>
  );
}
