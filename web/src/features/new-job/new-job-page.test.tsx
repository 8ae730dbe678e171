import { configure, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { answerRequests, renderAt } from "@/testing/render";
import { NewJobPage } from "./new-job-page";
import { png, readFiles, storage } from "./testing";

// Whole forms take their time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });
configure({ asyncUtilTimeout: 15_000 });

const plenty = { limit: 1000, left: 1000 };
const me = {
  email: "sam@example.com",
  limits: {
    jobs_per_minute: plenty,
    active_jobs: { limit: 10, left: 10 },
    images_per_month: plenty,
    usd_per_month: { limit: "20", left: "20" },
  },
};
const signed = () => ({
  upload_id: `upl_${crypto.randomUUID()}`,
  url: "https://storage.example/put",
  method: "PUT",
  headers: { "content-type": "image/png" },
  expires_at: new Date(Date.now() + 900_000).toISOString(),
});

interface Sent {
  isDryRun: boolean;
  key: string | null;
  body: Record<string, unknown>;
}

/** The API; answers with what was sent to start and to price jobs. */
function api(answers: Record<string, unknown> = {}, start: (sent: Sent) => unknown = () => ({ id: "job_1" })) {
  const sent: Sent[] = [];
  const generate = async (request: Request) => {
    const isDryRun = new URL(request.url).searchParams.get("dry_run") === "true";
    const one = { isDryRun, key: request.headers.get("idempotency-key"), body: await request.json() };
    sent.push(one);
    if (!isDryRun) return start(one);
    return { count: one.body.count, image_size: "1K", estimated_usd: "0.203250", at_most_usd: "0.203250" };
  };
  answerRequests({
    "GET /api/me": () => me,
    "POST /api/uploads": signed,
    "POST /api/generate/upload": generate,
    ...Object.fromEntries(Object.entries(answers).map(([name, answer]) => [name, () => answer])),
  });
  return { sent, started: () => sent.filter(({ isDryRun }) => !isDryRun) };
}

const refusal = (status: number, code: string, errors: { field: string; message: string }[] = []) =>
  Response.json({ status, code, title: "Refused", detail: `Because of ${code}.`, errors }, { status });

beforeEach(() => {
  readFiles();
  storage();
});
afterEach(() => sessionStorage.clear());

async function addPhoto(name = "cup.png") {
  await userEvent.upload(screen.getByLabelText("Photo files"), png(name));
  await screen.findByText(/Uploaded/);
}

const button = (name: RegExp | string) => screen.getByRole("button", { name });

describe("a new job", () => {
  it("is priced once its photo is there, started once, and its draft forgotten", async () => {
    const { started } = api();
    renderAt(<NewJobPage />, "/new");
    await addPhoto();
    await userEvent.type(screen.getByLabelText("Title"), "Cup");
    await userEvent.click(screen.getByRole("radio", { name: "three images" }));
    expect(await screen.findByText("$0.20")).toBeInTheDocument();
    await userEvent.click(button("Make three images"));
    await waitFor(() => expect(started()).toHaveLength(1));
    const [job] = started();
    expect(job?.key).toBeTruthy();
    expect(job?.body).toMatchObject({ product: { title: "Cup" }, count: 3, aspect_ratio: "1:1", image_size: "1K" });
    expect(job?.body.images).toHaveLength(1);
    await waitFor(() => expect(Object.keys(sessionStorage)).toEqual(["packshot:owner"]));
  });

  it("asks for photos first, and leads to where they are added", async () => {
    const { started } = api();
    renderAt(<NewJobPage />, "/new");
    await userEvent.click(button("Make ten images"));
    expect(screen.getByText("Add at least one photo.")).toBeInTheDocument();
    expect(button("Choose photos")).toHaveFocus();
    expect(started()).toHaveLength(0);
  });

  it("keeps what was typed through a reload, and starts over when asked to", async () => {
    api();
    const { unmount } = renderAt(<NewJobPage />, "/new");
    await userEvent.type(screen.getByLabelText("What are the images for?"), "For a shop");
    await userEvent.click(button("Pastel backgrounds"));
    unmount();
    renderAt(<NewJobPage />, "/new");
    expect(screen.getByLabelText("What are the images for?")).toHaveValue("For a shop");
    expect(screen.getByLabelText("Style")).toHaveValue("Pastel backgrounds");
    await userEvent.click(button("Start over"));
    expect(screen.getByLabelText("Style")).toHaveValue("");
  });

  it("shows what the API says at the fields, with the focus on the first, until they are changed", async () => {
    api({}, () => refusal(422, "invalid_fields", [{ field: "product.title", message: "is not a title" }]));
    renderAt(<NewJobPage />, "/new");
    await addPhoto();
    await userEvent.type(screen.getByLabelText("Title"), "Cup");
    await userEvent.click(button("Make ten images"));
    const title = screen.getByLabelText("Title");
    expect(await screen.findByText("Is not a title.")).toBeInTheDocument();
    expect(title).toHaveFocus();
    expect(title).toHaveValue("Cup");
    await userEvent.type(title, "s");
    expect(screen.queryByText("Is not a title.")).not.toBeInTheDocument();
  });

  it("says when a limit is reached, loses nothing, and sends the same wish again", async () => {
    const answers = [refusal(429, "too_many_active_jobs"), { id: "job_1" }];
    const { started } = api({}, () => answers.shift());
    renderAt(<NewJobPage />, "/new");
    await addPhoto();
    await userEvent.click(button("Make ten images"));
    expect(await screen.findByRole("alert")).toHaveTextContent("Because of too_many_active_jobs.");
    expect(screen.getByText(/Uploaded/)).toBeInTheDocument();
    await userEvent.click(button("Make ten images"));
    await waitFor(() => expect(started()).toHaveLength(2));
  });

  it("sends a photo again that failed", async () => {
    storage([400]);
    api();
    renderAt(<NewJobPage />, "/new");
    await userEvent.upload(screen.getByLabelText("Photo files"), png("cup.png"));
    await userEvent.click(await screen.findByRole("button", { name: "Try again: cup.png" }));
    expect(await screen.findByText(/Uploaded/)).toBeInTheDocument();
  });

  it("has its photos in an order, the first one being the main one", async () => {
    const { started } = api();
    renderAt(<NewJobPage />, "/new");
    await userEvent.upload(screen.getByLabelText("Photo files"), [png("front.png"), png("back.png")]);
    await waitFor(() => expect(screen.getAllByText(/Uploaded/)).toHaveLength(2));
    await userEvent.click(button("Move back.png up"));
    const [first] = within(screen.getByRole("list", { name: "Photos" })).getAllByRole("listitem");
    expect(first).toHaveTextContent("back.pngMain photo");
    await userEvent.click(button("Make ten images"));
    await waitFor(() => expect(started()[0]?.body.images).toHaveLength(2));
  });

  it("takes over the details of an earlier one", async () => {
    const job = { id: "job_9", product: { title: "Vase" }, style: "Rustic wood", count: 4, aspect_ratio: "21:9" };
    api({ "GET /api/jobs/job_9": { ...job, image_size: "1K" } });
    renderAt(<NewJobPage />, "/new?from=job_9");
    expect(await screen.findByLabelText("Title")).toHaveValue("Vase");
    expect(screen.getByRole("radio", { name: "21:9" })).toBeChecked();
    expect(button("Make four images")).toBeInTheDocument();
  });
});
