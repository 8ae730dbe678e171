import type { FieldProblem, Problem } from "./schema";

/** A refusal of the API in its own words (RFC 9457), or the network's failure to reach it. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  /** The HTTP status; 0 where there was no answer at all. */
  readonly status: number;
  /** The stable name of what is wrong. */
  readonly code: string;
  /** What is wrong in short. */
  readonly title: string;
  /** What is wrong and what to do. */
  readonly detail: string;
  /** Names the request in the logs; absent where there was no answer of ours. */
  readonly requestId: string | undefined;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** Every field that is wrong. */
  readonly fields: readonly FieldProblem[];
  /** Seconds to wait before another try. */
  readonly retryAfter: number | undefined;

  private constructor(problem: Partial<Problem> & { status: number }, retryAfter?: number) {
    const detail = problem.detail || "Something went wrong on our side. Please try again in a moment.";
    super(detail);
    this.status = problem.status;
    this.code = problem.code ?? "internal_error";
    this.title = problem.title ?? "Something went wrong";
    this.detail = detail;
    this.requestId = problem.request_id ?? undefined;
    this.retryable = problem.retryable ?? problem.status >= 500;
    this.fields = problem.errors ?? [];
    this.retryAfter = retryAfter;
  }

  /** The problem of an answer, whatever its body is. */
  static of(response: Response, body: unknown): ApiProblem {
    const problem = typeof body === "object" && body !== null ? (body as Partial<Problem>) : {};
    const wait = Number(response.headers.get("retry-after"));
    const requestId = problem.request_id ?? response.headers.get("x-request-id") ?? undefined;
    return new ApiProblem(
      { ...problem, ...(requestId && { request_id: requestId }), status: response.status },
      Number.isFinite(wait) && wait > 0 ? wait : undefined,
    );
  }

  /** There was no answer. */
  static unreachable(): ApiProblem {
    return new ApiProblem({
      status: 0,
      code: "unreachable",
      title: "Packshot cannot be reached",
      detail: "There was no answer. Check your connection; nothing is lost, and you can try again.",
      retryable: true,
    });
  }

  /** What is wrong with a field, in words. */
  field(name: string): string | undefined {
    const problem = this.fields.find((one) => one.field === name);
    return problem && `${problem.message.charAt(0).toUpperCase()}${problem.message.slice(1)}.`;
  }

  /** Whether nobody is signed in any more. */
  get isSignedOut(): boolean {
    return this.status === 401;
  }
}

/** Anything that was thrown, as a problem to show. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  return ApiProblem.of(new Response(null, { status: 500 }), undefined);
}
