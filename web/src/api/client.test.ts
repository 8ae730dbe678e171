import { describe, expect, it, vi } from "vitest";
import { answerRequests } from "@/testing/render";
import { api, unwrap } from "./client";
import { ApiProblem } from "./problem";

async function refused(): Promise<ApiProblem> {
  try {
    await unwrap(api.GET("/api/me"));
  } catch (error) {
    if (error instanceof ApiProblem) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

describe("answers of the API", () => {
  it("are the data of a success", async () => {
    answerRequests({ "GET /api/me": () => ({ email: "sam@example.com" }) });
    expect(await unwrap(api.GET("/api/me"))).toEqual({ email: "sam@example.com" });
  });

  it("are problems in the API's own words", async () => {
    const body = {
      code: "rate_limited",
      title: "Too many requests",
      detail: "Wait 12 seconds.",
      request_id: "r-1",
      retryable: true,
      errors: [{ field: "count", code: "out_of_range", message: "must be a whole number from 1 to 10" }],
    };
    const headers = { "retry-after": "12", "content-type": "application/problem+json" };
    answerRequests({ "GET /api/me": () => new Response(JSON.stringify(body), { status: 429, headers }) });
    const problem = await refused();
    expect(problem).toMatchObject({ status: 429, code: "rate_limited", requestId: "r-1", retryAfter: 12 });
    expect(problem.field("count")).toBe("Must be a whole number from 1 to 10.");
    expect(problem.field("title")).toBeUndefined();
  });

  it("are problems even where they are nothing that we know", async () => {
    const headers = { "x-request-id": "r-2" };
    answerRequests({ "GET /api/me": () => new Response("<html>", { status: 502, headers }) });
    expect(await refused()).toMatchObject({ status: 502, requestId: "r-2", retryable: true });
  });

  it("that never come are told as that", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
    expect(await refused()).toMatchObject({ status: 0, code: "unreachable", retryable: true });
  });
});
