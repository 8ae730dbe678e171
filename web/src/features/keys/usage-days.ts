/** The arithmetic of usage: thirty days without gaps, for one key or for all. */
import type { DayOfUsage } from "@/api/schema";

const DAYS = 30;

/** What can be shown of a day. */
export type Measure = "requests" | "jobs" | "images" | "cost";

/** Everything of one day. Money is in millionths of a dollar, so that sums are exact. */
export interface UsageDay extends Record<Measure, number> {
  /** In UTC, `2026-11-24`. */
  day: string;
}

/** Whose usage: everything, what was done on the page, or one key's. */
export type Whose = { kind: "all" } | { kind: "page" } | { kind: "key"; id: string };

const MICRO = 1_000_000;

/** The first of the days that are shown, in UTC. */
export function firstDay(now: Date = new Date()): string {
  return utcDay(now, DAYS - 1);
}

function utcDay(now: Date, daysAgo: number): string {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() - daysAgo))
    .toISOString()
    .slice(0, 10);
}

function isOf(row: DayOfUsage, whose: Whose): boolean {
  if (whose.kind === "all") return true;
  return (row.key_id ?? undefined) === (whose.kind === "key" ? whose.id : undefined);
}

/** Thirty days up to today, oldest first, with zeros where nothing was used. */
export function usageByDay(rows: readonly DayOfUsage[], whose: Whose, now: Date = new Date()): UsageDay[] {
  const days = Array.from({ length: DAYS }, (_, index): UsageDay => {
    return { day: utcDay(now, DAYS - 1 - index), requests: 0, jobs: 0, images: 0, cost: 0 };
  });
  const byDay = new Map(days.map((day) => [day.day, day]));
  for (const row of rows) {
    const day = byDay.get(row.day);
    if (!day || !isOf(row, whose)) continue;
    day.requests += row.requests;
    day.jobs += row.jobs;
    day.images += row.images;
    day.cost += Math.round(Number(row.cost_usd) * MICRO);
  }
  return days;
}

/** All days together. */
export function usageTotal(days: readonly UsageDay[]): Record<Measure, number> {
  const total = { requests: 0, jobs: 0, images: 0, cost: 0 };
  for (const day of days)
    for (const measure of ["requests", "jobs", "images", "cost"] as const) total[measure] += day[measure];
  return total;
}

/** Money of a day as the decimal that the formats take. */
export function asUsd(micro: number): string {
  return (micro / MICRO).toFixed(6);
}

/** The keys that usage is known of, those that were used most first. */
export function keysOfUsage(rows: readonly DayOfUsage[]): string[] {
  const requests = new Map<string, number>();
  for (const { key_id: id, requests: count } of rows) if (id) requests.set(id, (requests.get(id) ?? 0) + count);
  return [...requests].sort(([, one], [, other]) => other - one).map(([id]) => id);
}
