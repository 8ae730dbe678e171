/** The words for what the API names. */
import type { Image } from "@/api/schema";
import type { Frame, JobStatus } from "./job-state";

export const statusWords: Record<JobStatus, string> = {
  queued: "Queued",
  strategy: "Planning",
  batch_submitted: "Sent to Gemini",
  generating: "Making images",
  completed: "Ready",
  failed: "Failed",
  canceled: "Canceled",
};

export const statusTones: Record<JobStatus, "neutral" | "busy" | "good" | "bad"> = {
  queued: "neutral",
  strategy: "busy",
  batch_submitted: "busy",
  generating: "busy",
  completed: "good",
  failed: "bad",
  canceled: "neutral",
};

const kinds: Record<NonNullable<Image["kind"]>, string> = {
  studio: "Studio",
  lifestyle: "Lifestyle",
  close_up: "Close-up",
  infographic: "Infographic",
  scale: "Scale",
  in_use: "In use",
  packaging: "Packaging",
  detail: "Detail",
  flat_lay: "Flat lay",
  seasonal: "Seasonal",
};

export function kindWords(kind: Image["kind"]): string | undefined {
  return kind && kinds[kind];
}

const reasons: Record<NonNullable<Image["reason"]>, string> = {
  blocked_by_safety: "Declined by Gemini (safety)",
  no_image_returned: "Gemini gave no image",
  provider_error: "Gemini could not make it",
  missing_from_batch: "Missing from Gemini's answer",
  late: "Not made in time",
};

/** Why there is no image, in a few words. */
function reasonWords(reason: Image["reason"]): string {
  return (reason && reasons[reason]) || "Not made";
}

/** How a place on the contact sheet is, in a few words. */
export function frameWords(frame: Frame): string {
  if (frame.isBeingRetried) return "Being made again";
  switch (frame.state) {
    case "ready":
      return "Ready";
    case "failed":
      return reasonWords(frame.image?.reason);
    case "being_made":
      return "Being made";
    case "waiting":
      return "Waiting";
    case "not_made":
      return "Not made";
  }
}

const NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

function numberWord(count: number): string {
  return NUMBERS[count] ?? String(count);
}

function list(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const causes: Record<NonNullable<Image["reason"]>, (which: string) => string> = {
  blocked_by_safety: (which) => `Gemini declined ${which} (safety).`,
  no_image_returned: (which) => `Gemini gave no picture for ${which}.`,
  provider_error: (which) => `Gemini could not make ${which}.`,
  missing_from_batch: (which) => `Gemini's answer lacked ${which}.`,
  late: (which) => `${capital(which)} did not come in time.`,
};

/**
 * What became of a job of which some images failed: "Gemini declined image 4 (safety). The other nine are ready. Edit its
 * prompt and try again."
 */
export function partialWords(images: readonly Image[]): string | undefined {
  const failed = images.filter((image) => image.status === "failed");
  const ready = images.length - failed.length;
  if (failed.length === 0 || ready === 0) return undefined;
  const reasonsOf = [...new Set(failed.map((image) => image.reason ?? "provider_error"))];
  const what = reasonsOf.map((reason) => {
    const numbers = failed
      .filter((image) => (image.reason ?? "provider_error") === reason)
      .map(({ index }) => index + 1);
    return causes[reason](`image${numbers.length > 1 ? "s" : ""} ${list(numbers.map(String))}`);
  });
  const rest = ready === 1 ? "The other one is ready." : `The other ${numberWord(ready)} are ready.`;
  const isDeclined = failed.some((image) => image.reason === "blocked_by_safety");
  const its = failed.length === 1 ? "its prompt" : "their prompts";
  return [...what, rest, isDeclined ? `Edit ${its} and try again.` : "Try again; the prompt can stay as it is."].join(
    " ",
  );
}
