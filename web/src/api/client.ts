/**
 * The typed client of the API behind the page: same origin, session cookie. Every answer that is no success becomes an
 * {@link ApiProblem}.
 */
import createClient from "openapi-fetch";
import { ApiProblem } from "./problem";
import type { paths } from "./schema";

export const api = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? "",
  // Looked up at each call, so that tests can put another one in its place.
  fetch: (request: Request) => globalThis.fetch(request),
});

/** What openapi-fetch answers with. */
interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The data of a call, or an {@link ApiProblem} thrown. */
export async function unwrap<T>(call: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw ApiProblem.unreachable();
  }
  if (!answer.response.ok) throw ApiProblem.of(answer.response, answer.error);
  return answer.data as T;
}

/**
 * A name for one wish of the person, by which the API knows it again however often it is sent
 * (draft-ietf-httpapi-idempotency-key-header).
 */
export function idempotencyKey(): string {
  return crypto.randomUUID();
}
