import type { WebhookEndpointRequest } from "@/api/schema";

export type EventType = NonNullable<WebhookEndpointRequest["events"]>[number];

/** Every type of event and when it is sent, in the order of the documents. */
export const eventTypes: { type: EventType; when: string }[] = [
  { type: "job.completed", when: "At least one image of a job is there." },
  { type: "job.failed", when: "A job has ended without an image." },
  { type: "job.canceled", when: "A job was canceled, here or through the API." },
  { type: "image.completed", when: "An image that was made again is there." },
  { type: "image.failed", when: "Nothing came of making an image again." },
];
