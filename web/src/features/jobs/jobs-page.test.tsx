import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import type { Job } from "@/api/schema";
import { sampleImage, sampleJob } from "@/features/job/sample-jobs";
import { answerRequests, renderAt } from "@/testing/render";
import { JobsPage } from "./jobs-page";

const jobs = Array.from({ length: 25 }, (_, place) =>
  sampleJob([sampleImage(0)], { id: `job_${place}`, product: { title: `Cup ${place}` } }),
);

function answer(data: Job[], more: object = {}) {
  return { object: "list", data, has_more: false, ...more };
}

/** The API with these jobs, which notes what it is asked for. */
function serve(all: Job[] = jobs) {
  const asked: Record<string, string>[] = [];
  answerRequests({
    "GET /api/jobs": (request) => {
      const query = Object.fromEntries(new URL(request.url).searchParams);
      asked.push(query);
      const fitting = all.filter(({ product }) => product?.title?.includes(query.q ?? ""));
      const from = fitting.findIndex(({ id }) => id === query.starting_after) + 1;
      const data = fitting.slice(from, from + Number(query.limit));
      return answer(data, { has_more: from + data.length < fitting.length });
    },
  });
  return asked;
}

it("shows jobs page by page", async () => {
  const asked = serve();
  renderAt(<JobsPage />);
  expect(await screen.findByRole("link", { name: "Cup 0" })).toHaveAttribute("href", "/jobs/job_0");
  expect(screen.getAllByRole("listitem")).toHaveLength(20);
  await userEvent.click(screen.getByRole("button", { name: "Show more" }));
  await waitFor(() => expect(screen.getAllByRole("listitem")).toHaveLength(25));
  expect(asked.at(-1)).toMatchObject({ starting_after: "job_19" });
  expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
});

it("goes on from where a search has looked to", async () => {
  const asked: (string | null)[] = [];
  answerRequests({
    "GET /api/jobs": (request) => {
      const after = new URL(request.url).searchParams.get("starting_after");
      asked.push(after);
      return after ? answer([sampleJob()]) : answer([], { has_more: true, next_starting_after: "job_99" });
    },
  });
  renderAt(<JobsPage />, "/?q=espresso");
  expect(await screen.findByRole("link", { name: "Espresso cup" })).toBeVisible();
  expect(asked).toEqual([null, "job_99"]);
});

it("searches when somebody stops writing, and filters by status", async () => {
  const asked = serve();
  renderAt(<JobsPage />);
  await screen.findByRole("link", { name: "Cup 0" });
  await userEvent.type(screen.getByRole("searchbox", { name: "Search jobs" }), "Cup 2");
  await waitFor(() => expect(screen.getAllByRole("listitem")).toHaveLength(6), { timeout: 5_000 });
  expect(screen.getByText("6 found")).toHaveAttribute("role", "status");
  expect(asked.map(({ q }) => q)).toEqual([undefined, "Cup 2"]);
  await userEvent.click(screen.getByRole("radio", { name: "Running" }));
  await waitFor(() => expect(asked.at(-1)?.status).toBe("queued,strategy,batch_submitted,generating"));
});

it("leads out of a search that finds nothing", async () => {
  serve();
  renderAt(<JobsPage />, "/?q=teapot");
  expect(await screen.findByText(/has “teapot” in its product/)).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Show all jobs" }));
  expect(await screen.findByRole("link", { name: "Cup 0" })).toBeVisible();
  expect(screen.getByRole("searchbox", { name: "Search jobs" })).toHaveValue("");
});

it("says what to do first", async () => {
  serve([]);
  renderAt(<JobsPage />);
  expect(await screen.findByRole("link", { name: "Make ten images" })).toHaveAttribute("href", "/new");
  expect(screen.queryByRole("searchbox")).toBeNull();
});

it("tells what went wrong and tries again", async () => {
  let isBroken = true;
  answerRequests({
    "GET /api/jobs": () =>
      isBroken
        ? Response.json({ title: "No", detail: "The table is away.", retryable: false }, { status: 422 })
        : answer(jobs.slice(0, 1)),
  });
  renderAt(<JobsPage />);
  expect(await screen.findByText("The table is away.")).toBeVisible();
  isBroken = false;
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("link", { name: "Cup 0" })).toBeVisible();
});
