import { describe, expect, it } from "vitest";
import type { WebhookDelivery } from "@/api/schema";
import { canReplay, deliveryState, pollInterval } from "./delivery-state";

const now = Date.parse("2026-11-26T12:00:00Z");

function delivery(status: WebhookDelivery["status"], next?: string): WebhookDelivery {
  return {
    id: "evt_1",
    object: "webhook_delivery",
    type: "job.completed",
    job_id: "job_1",
    url: "https://shop.example/hook",
    status,
    attempts: [],
    ...(next && { next_attempt_at: next }),
  };
}

describe("deliveries", () => {
  it("are looked at again for as long as one is under way", () => {
    expect(pollInterval([], now)).toBe(false);
    expect(pollInterval([delivery("delivered"), delivery("skipped")], now)).toBe(false);
    expect(pollInterval([delivery("pending")], now)).toBe(2_000);
    expect(pollInterval([delivery("pending", "2026-11-26T12:00:05Z")], now)).toBe(2_000);
    expect(pollInterval([delivery("pending", "2026-11-26T17:00:00Z")], now)).toBe(30_000);
    expect(pollInterval([delivery("pending", "2026-11-26T11:00:00Z")], now)).toBe(false);
  });

  it("can be sent again unless they are on their way", () => {
    expect(canReplay(delivery("delivered"), now)).toBe(true);
    expect(canReplay(delivery("pending", "2026-11-26T12:05:00Z"), now)).toBe(false);
    expect(canReplay(delivery("pending", "2026-11-26T11:44:00Z"), now)).toBe(true);
  });

  it("have a word for every state", () => {
    expect(deliveryState("exhausted").word).toBe("Failed");
  });
});
