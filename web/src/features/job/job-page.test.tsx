import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import type { Job } from "@/api/schema";
import { answerRequests, renderAt } from "@/testing/render";
import { JobPage } from "./job-page";
import { sampleFailure, sampleImage, sampleJob } from "./sample-jobs";

const RETRY = "POST /api/jobs/job_1/images/img_1/retry";

function show(job: Job, handlers: Parameters<typeof answerRequests>[0] = {}, address = "/jobs/job_1") {
  const fetch = answerRequests({ "GET /api/jobs/job_1": () => job, ...handlers });
  renderAt(<JobPage />, address, "/jobs/:jobId");
  return fetch;
}

const viewer = () => screen.getByRole("dialog", { name: /^Image \d/ });

beforeEach(() => localStorage.clear());

it("says that there is no such job", async () => {
  answerRequests({});
  renderAt(<JobPage />, "/jobs/job_1", "/jobs/:jobId");
  expect(await screen.findByRole("heading", { name: "There is no such job" })).toBeVisible();
  expect(screen.getByRole("link", { name: "Go to your jobs" })).toHaveAttribute("href", "/jobs");
});

it("names the window by how far the job is", async () => {
  const links = { self: "https://packshot.example.com/x" };
  show(
    sampleJob([], { status: "generating", count: 10, progress: 40, stage: "Waiting for Gemini: 4 of 10 done", links }),
  );
  expect(await screen.findByText("Waiting for Gemini: 4 of 10 done")).toHaveAttribute("role", "status");
  expect(document.title).toBe("40 % · Espresso cup · Packshot");
  expect(screen.getAllByText("Being made")).toHaveLength(10);
  expect(screen.queryByRole("link", { name: "Download ZIP" })).toBeNull();
});

it("offers what a failed job has to offer", async () => {
  const error = { code: "deadline_exceeded" as const, message: "Gemini did not finish in time.", retryable: true };
  show(sampleJob([], { status: "failed", count: 2, error, links: { self: "https://packshot.example.com/x" } }));
  expect(await screen.findByText("Gemini did not finish in time.")).toBeVisible();
  expect(screen.getByRole("link", { name: "Try it again" })).toHaveAttribute("href", "/new?from=job_1");
});

describe("the viewer", () => {
  it("goes both ways around the ends, and gives the focus back to the frame it ended at", async () => {
    show(sampleJob());
    await userEvent.click(await screen.findByRole("button", { name: "Image 1, Shot 1: Ready" }));
    expect(viewer()).toHaveAccessibleName("Image 1 of 3: Shot 1");
    fireEvent.keyDown(within(viewer()).getByRole("heading", { level: 2 }), { key: "ArrowLeft" });
    expect(viewer()).toHaveAccessibleName("Image 3 of 3: Shot 3");
    for (const key of ["ArrowRight", "ArrowRight"]) {
      fireEvent.keyDown(within(viewer()).getByRole("heading", { level: 2 }), { key });
    }
    expect(viewer()).toHaveAccessibleName("Image 2 of 3: Shot 2");
    await userEvent.click(within(viewer()).getByRole("button", { name: "Close" }));
    await waitFor(() => expect(screen.getByRole("button", { name: "Image 2, Shot 2: Ready" })).toHaveFocus());
  });

  it("opens by the address and zooms by keys", async () => {
    show(sampleJob(), {}, "/jobs/job_1?image=2");
    await screen.findByRole("dialog", { name: "Image 2 of 3: Shot 2" });
    const press = (key: string) => fireEvent.keyDown(within(viewer()).getByRole("heading", { level: 2 }), { key });
    press("+");
    expect(within(viewer()).getByText("100 %")).toBeVisible();
    // Arrow keys now move the picture.
    press("ArrowRight");
    expect(viewer()).toHaveAccessibleName("Image 2 of 3: Shot 2");
    press("-");
    expect(within(viewer()).getByText("Fit")).toBeVisible();
  });

  it("leaves the arrow keys to the slider", async () => {
    show(sampleJob(), {}, "/jobs/job_1?image=1");
    await userEvent.click(await screen.findByRole("button", { name: "Compare with the photo" }));
    const slider = screen.getByRole("slider", { name: "How much of the photo is shown" });
    fireEvent.keyDown(slider, { key: "ArrowRight" });
    expect(viewer()).toHaveAccessibleName("Image 1 of 3: Shot 1");
    fireEvent.change(slider, { target: { value: "80" } });
    expect(slider).toHaveAttribute("aria-valuetext", "80 % photo");
  });
});

it("remembers the one pick", async () => {
  show(sampleJob());
  await userEvent.click(await screen.findByRole("button", { name: "Mark image 2 as your pick" }));
  await userEvent.click(screen.getByRole("button", { name: "Mark image 3 as your pick" }));
  expect(screen.getAllByTestId("pick-mark")).toHaveLength(1);
  expect(localStorage.getItem("packshot:pick:job_1")).toBe("img_2");
  await userEvent.click(screen.getByRole("button", { name: "Mark image 3 as your pick" }));
  expect(screen.queryByTestId("pick-mark")).toBeNull();
});

it("shows photos from elsewhere once they are here", async () => {
  const photos = [
    { index: 0, source: "drive" as const, name: "front.jpg", available: true },
    { index: 1, source: "drive" as const, name: "side.jpg", available: false },
  ];
  show({ ...sampleJob([sampleImage(0)]), status: "strategy", photos });
  const strip = await screen.findByRole("list", { name: "Photos" });
  expect(within(strip).getByRole("img")).toHaveAttribute("src", expect.stringContaining("/photos/0"));
  expect(within(strip).getByText("Being fetched")).toBeVisible();
});

it("does not promise a photo that nobody fetches any more", async () => {
  const photos = [{ index: 0, source: "url" as const, available: false }];
  show({ ...sampleJob([sampleFailure(0)]), status: "failed", photos });
  const strip = await screen.findByRole("list", { name: "Photos" });
  expect(within(strip).getByText("Was not fetched")).toBeVisible();
});

describe("a retry", () => {
  const job = sampleJob([sampleImage(0), sampleFailure(1)]);

  it("keeps the prompt when it is refused, and says why in the API's words", async () => {
    const problem = {
      code: "photos_expired",
      title: "The photos are gone",
      detail: "Start a new job.",
      retryable: false,
    };
    show(job, { [RETRY]: () => Response.json(problem, { status: 409 }) });
    await userEvent.click(await screen.findByRole("button", { name: "Retry image 02" }));
    const prompt = screen.getByRole("textbox", { name: "Prompt" });
    await userEvent.type(prompt, ", on oak");
    await userEvent.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Retry image" }));
    expect(await screen.findByText("Start a new job.")).toBeVisible();
    expect(prompt).toHaveValue("Prompt 2, on oak");
  });

  it("is one wish however often it is sent, and shows that it is under way", async () => {
    const keys: (string | null)[] = [];
    const retry = { attempt: 1, status: "pending" as const, requested_at: new Date().toISOString() };
    const started = sampleJob([sampleImage(0), { ...sampleFailure(1), retry }]);
    show(job, {
      [RETRY]: async (request) => {
        keys.push(request.headers.get("idempotency-key"));
        expect(await request.json()).toEqual({});
        return keys.length === 1 ? Response.json({ code: "unavailable" }, { status: 503 }) : started;
      },
    });
    await userEvent.click(await screen.findByRole("button", { name: "Retry image 02" }));
    const dialog = screen.getByRole("dialog");
    await userEvent.click(within(dialog).getByRole("button", { name: "Retry image" }));
    await within(dialog).findByRole("alert");
    await userEvent.click(within(dialog).getByRole("button", { name: "Retry image" }));
    expect(await screen.findByText("Being made again")).toBeVisible();
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBeTruthy();
    expect(keys[1]).toBe(keys[0]);
  });
});
