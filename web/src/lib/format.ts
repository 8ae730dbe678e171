/** Numbers, money and times in words. The page speaks English, so it does not ask the browser for its language. */

const LOCALE = "en-GB";

/** `0.203250` as `$0.20`, and what is less than a cent with the digits that count. */
export function usd(decimal: string): string {
  const value = Number(decimal);
  const digits = value !== 0 && Math.abs(value) < 0.01 ? 4 : 2;
  return new Intl.NumberFormat("en-US", {
    style: "currency",
    currency: "USD",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}

/** `9000000` as `9 MB`. */
export function bytes(count: number): string {
  const units = ["B", "kB", "MB", "GB"];
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value.toLocaleString(LOCALE, { maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0 })} ${units[unit]}`;
}

/** `1 image`, `2 images`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString(LOCALE)} ${count === 1 ? one : many}`;
}

/** A moment in full, in the person's own time zone. */
export function exactTime(moment: string): string {
  return new Date(moment).toLocaleString(LOCALE, { dateStyle: "medium", timeStyle: "short" });
}

/** A day without a time. */
export function day(date: string): string {
  return new Date(date).toLocaleDateString(LOCALE, { dateStyle: "medium" });
}

const STEPS: [limit: number, seconds: number, unit: Intl.RelativeTimeFormatUnit][] = [
  [60, 1, "second"],
  [3600, 60, "minute"],
  [86_400, 3600, "hour"],
  [30 * 86_400, 86_400, "day"],
  [365 * 86_400, 30 * 86_400, "month"],
  [Number.POSITIVE_INFINITY, 365 * 86_400, "year"],
];

/** `3 minutes ago`, `in 2 days`, `just now`. */
export function relativeTime(moment: string, now: number = Date.now()): string {
  const seconds = Math.round((Date.parse(moment) - now) / 1000);
  const distance = Math.abs(seconds);
  if (distance < 10) return "just now";
  // Rounded first: 59.9 minutes are an hour.
  const step = STEPS.find(([limit, size]) => Math.round(distance / size) * size < limit);
  const [, size, unit] = step ?? [0, 1, "second" as const];
  return new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

/** `2 min 5 s`, for how long something took. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 ? `${minutes} min ${whole % 60} s` : `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
}
