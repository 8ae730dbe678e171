/** One wish of the person is one job, however often it is sent. */

import { idempotencyKey } from "@/api/client";
import { ApiProblem } from "@/api/problem";

interface Wish<T> {
  /** What the person wanted, as a text. */
  mark: string;
  key: string;
  body: T;
}

/**
 * Remembers what was sent under which name. The same wish, sent again because nobody knows whether it arrived, goes with the
 * same name and the same body, even if that holds a moment that would now be another.
 */
export class Wishes<T> {
  #open: Wish<T> | undefined;

  /** The name and the body to send. */
  of(mark: string, body: () => T): { key: string; body: T } {
    if (this.#open?.mark !== mark) this.#open = { mark, key: idempotencyKey(), body: body() };
    return this.#open;
  }

  /** Ends a wish that was answered for good; what is sent next is another one. */
  settle(error?: unknown) {
    if (!isOpen(error)) this.#open = undefined;
  }
}

/** Whether the same wish may still be fulfilled: there was no answer, or it may come later. */
function isOpen(error: unknown): boolean {
  if (!(error instanceof ApiProblem)) return false;
  return error.status === 0 || error.isSignedOut || error.retryable || error.code === "request_in_progress";
}
