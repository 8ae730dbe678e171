/** What is left of a limit, in words and as a share. */
import type { User } from "@/api/schema";
import { plural, relativeTime, usd } from "@/lib/format";

export interface Meter {
  name: string;
  /** "160 of 200 images left". */
  words: string;
  /** When there is more again. */
  back: string;
  /** How much of it is used up, from 0 to 1. */
  used: number;
}

type Limits = User["limits"];

function usedShare(limit: number, left: number): number {
  return limit > 0 ? Math.min(1, Math.max(0, 1 - left / limit)) : 1;
}

function nextMonth(fullAt: string | null | undefined): string {
  if (!fullAt) return "";
  const date = new Date(fullAt).toLocaleDateString("en-GB", { day: "numeric", month: "long", timeZone: "UTC" });
  return `A new month begins on ${date} (UTC).`;
}

function soon(fullAt: string | null | undefined, now: number): string {
  if (!fullAt || Date.parse(fullAt) - now < 1000) return "";
  const seconds = Math.ceil((Date.parse(fullAt) - now) / 1000);
  return seconds < 60
    ? `All of it is back in ${plural(seconds, "second")}.`
    : `All of it is back ${relativeTime(fullAt, now)}.`;
}

/** The limits of a plan in the order in which people meet them. */
export function meters(limits: Limits, now: number = Date.now()): Meter[] {
  const { jobs_per_minute: minute, active_jobs: active, images_per_month: images, usd_per_month: money } = limits;
  // What was asked for a while ago: by now it has filled up again.
  const minuteLeft = minute.full_at && Date.parse(minute.full_at) <= now ? minute.limit : minute.left;
  const inUse = active.limit - active.left;
  return [
    {
      name: "Jobs a minute",
      words: `${minuteLeft} of ${plural(minute.limit, "job")} left`,
      back: soon(minute.full_at, now) || "All of it is there.",
      used: usedShare(minute.limit, minuteLeft),
    },
    {
      name: "Jobs at a time",
      words: `${active.left} of ${plural(active.limit, "place")} free`,
      back: inUse > 0 ? "A place is back when a job ends." : "No job is under way.",
      used: usedShare(active.limit, active.left),
    },
    {
      name: "Images a month",
      words: `${images.left.toLocaleString("en-GB")} of ${plural(images.limit, "image")} left`,
      back: nextMonth(images.full_at),
      used: usedShare(images.limit, images.left),
    },
    {
      name: "Gemini’s charges a month",
      words: `${usd(money.left)} of ${usd(money.limit)} left`,
      back: nextMonth(money.full_at),
      used: usedShare(Number(money.limit), Number(money.left)),
    },
  ];
}
