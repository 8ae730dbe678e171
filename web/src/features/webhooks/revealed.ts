/**
 * Remembers, per account, that the signing secret has been shown. Then it is safe to ask the API which it is; before that,
 * asking would use up the only time that it is shown. Nothing secret is kept, and forgetting it costs one press of a button.
 */
import { keep, kept } from "@/lib/browser-storage";

const nameOf = (userId: string) => `packshot:webhook-secret-revealed:${userId}`;

export function rememberRevealed(userId: string) {
  keep("device", nameOf(userId), "yes");
}

export function isRevealed(userId: string): boolean {
  return kept("device", nameOf(userId)) !== undefined;
}
