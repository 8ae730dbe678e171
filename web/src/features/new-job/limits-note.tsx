import type { User } from "@/api/schema";
import { Notice } from "@/components/ui/notice";
import { day, plural, usd } from "@/lib/format";
import { imagesInWords } from "./terms";

/** The part of a month's limit that is worth a word when no more is left. */
const LITTLE = 0.2;

interface LimitsNoteProps {
  limits: User["limits"];
  count: number;
  /** What the job is expected to cost, once that is known. */
  cost: string | undefined;
}

/** What is left of the plan, where it may not be enough for long. */
export function LimitsNote({ limits, count, cost }: LimitsNoteProps) {
  const words = wordsOf(limits, count, cost);
  if (words.length === 0) return null;
  return (
    <Notice tone="warning" className="mt-4">
      {words.map((one) => (
        <p key={one}>{one}</p>
      ))}
    </Notice>
  );
}

function wordsOf(
  { images_per_month: images, usd_per_month: money, active_jobs: active }: User["limits"],
  count: number,
  cost = "0",
) {
  const words: string[] = [];
  const until = images.full_at ? ` until ${day(images.full_at)}` : " this month";
  if (images.left < count) {
    words.push(
      `This job asks for ${imagesInWords(count)}, but your plan has ${plural(images.left, "image")} left${until}.`,
    );
  } else if (images.left < images.limit * LITTLE) {
    words.push(
      `Your plan has ${images.left.toLocaleString("en-GB")} of ${plural(images.limit, "image")} left${until}.`,
    );
  }
  if (Number(money.left) < Number(cost)) {
    words.push(`This job would cost more than the ${usd(money.left)} that your plan has left${until}.`);
  } else if (Number(money.left) < Number(money.limit) * LITTLE) {
    words.push(`Your plan has ${usd(money.left)} of ${usd(money.limit)} left${until}.`);
  }
  if (active.left <= 0) {
    words.push(
      `${active.limit} jobs are under way, which is the most at a time. Start this one when one of them has ended.`,
    );
  }
  return words;
}
