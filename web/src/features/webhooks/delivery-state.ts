/** What the state of a delivery means to a person. */
import type { WebhookDelivery } from "@/api/schema";

/** So long after its due time an attempt is overdue, and the API takes a replay again. */
const OVERDUE = 15 * 60_000;

const SOON = 60_000;
const OFTEN = 2_000;
const SELDOM = 30_000;

type Status = WebhookDelivery["status"];

const states: Record<Status, { tone: "neutral" | "busy" | "good" | "bad" | "warn"; word: string; meaning: string }> = {
  pending: { tone: "busy", word: "Pending", meaning: "It is on its way." },
  delivered: { tone: "good", word: "Delivered", meaning: "It has arrived." },
  gone: { tone: "warn", word: "Gone", meaning: "The receiver answered 410, so it is not tried again." },
  exhausted: { tone: "bad", word: "Failed", meaning: "Every attempt failed. It is not tried again by itself." },
  skipped: { tone: "neutral", word: "Skipped", meaning: "The endpoint was disabled or removed, so it was not sent." },
};

export function deliveryState(status: Status) {
  return states[status];
}

/** Whether it can be sent again now: not while it is being sent. */
export function canReplay(delivery: WebhookDelivery, now: number = Date.now()): boolean {
  if (delivery.status !== "pending") return true;
  return delivery.next_attempt_at ? now - Date.parse(delivery.next_attempt_at) > OVERDUE : false;
}

/**
 * How long to wait before looking again: often while an attempt is about to be made, seldom while the next one is hours away,
 * not at all where everything is settled.
 */
export function pollInterval(deliveries: readonly WebhookDelivery[], now: number = Date.now()): number | false {
  const pending = deliveries.filter((delivery) => delivery.status === "pending" && !canReplay(delivery, now));
  if (pending.length === 0) return false;
  const isSoon = pending.some(({ next_attempt_at: next }) => !next || Date.parse(next) - now < SOON);
  return isSoon ? OFTEN : SELDOM;
}
