/** When a key is to end, as people choose it. */

export type Expiry = "never" | "30" | "90" | "365" | "date";

export const expiries: { value: Expiry; words: string }[] = [
  { value: "never", words: "Never" },
  { value: "30", words: "In 30 days" },
  { value: "90", words: "In 90 days" },
  { value: "365", words: "In 365 days" },
  { value: "date", words: "At the end of a day" },
];

const DAY = 86_400_000;

/**
 * The moment of a choice; `undefined` for never. A date means the end of that day where the person is: whoever says the 31st
 * expects the key to work on the 31st.
 */
export function expiresAt(choice: Expiry, date: string, now: Date = new Date()): string | undefined {
  if (choice === "never") return undefined;
  if (choice !== "date") return new Date(now.getTime() + Number(choice) * DAY).toISOString();
  const [year, month, day] = date.split("-").map(Number);
  if (!year || !month || !day) return undefined;
  return new Date(year, month - 1, day, 23, 59, 59).toISOString();
}

/** What is wrong with a choice. */
export function expiryProblem(choice: Expiry, date: string, now: Date = new Date()): string | undefined {
  if (choice !== "date") return undefined;
  const moment = expiresAt(choice, date, now);
  if (!moment) return "Choose the day.";
  return Date.parse(moment) <= now.getTime() ? "Choose a day that is not over." : undefined;
}

/** A day as a date field has it, where the person is. */
export function dateValue(moment: Date): string {
  const two = (part: number) => String(part).padStart(2, "0");
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}
