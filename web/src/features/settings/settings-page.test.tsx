import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it } from "vitest";
import { connectError } from "@/features/drive/connect-error";
import { answerRequests, renderAt } from "@/testing/render";
import { thereAndBack } from "./drive-section";
import { SettingsPage } from "./settings-page";

const me = {
  id: "user_1",
  object: "user",
  email: "sam@shop.example",
  plan: "free",
  created_at: "2026-11-01T12:00:00Z",
  limits: {
    jobs_per_minute: { limit: 5, left: 5 },
    active_jobs: { limit: 5, left: 5 },
    images_per_month: { limit: 200, left: 40, full_at: "2026-12-01T00:00:00Z" },
    usd_per_month: { limit: "10.000000", left: "0.000000", full_at: "2026-12-01T00:00:00Z" },
  },
};

const drive = {
  object: "drive",
  connected: true,
  needs_reconnect: false,
  can_save: false,
  chosen_with: "folders",
  email: "sam@gmail.example",
  connected_at: "2026-11-20T12:00:00Z",
  connect_url: "/auth/google/drive",
  connect_to_save_url: "/auth/google/drive?save=true",
};

const notConnected = { ...drive, connected: false, email: undefined, connected_at: undefined };

function session(id: string, current: boolean) {
  const moment = "2026-11-26T12:00:00Z";
  return {
    id,
    object: "session",
    device: current ? "Firefox on Linux" : "Safari on iPhone",
    created_at: moment,
    last_used_at: moment,
    expires_at: moment,
    current,
  };
}

function answers(more: Parameters<typeof answerRequests>[0] = {}) {
  return answerRequests({
    "GET /api/me": () => me,
    "GET /api/drive": () => drive,
    "GET /api/sessions": () => ({ object: "list", data: [session("ses_1", true), session("ses_2", false)] }),
    ...more,
  });
}

afterEach(() => localStorage.clear());

it("shows what is left of each limit", async () => {
  answers();
  renderAt(<SettingsPage />);
  const limits = await screen.findByRole("list", { name: "Limits" });
  expect(limits).toHaveTextContent("40 of 200 images left");
  expect(within(limits).getByRole("meter", { name: "Images a month" })).toHaveAttribute("value", "80");
});

describe("Google Drive", () => {
  it("is asked for with the way back here", () => {
    expect(thereAndBack("/auth/google/drive")).toBe("/auth/google/drive?next=%2Fsettings");
    expect(thereAndBack("/auth/google/drive?save=true")).toBe("/auth/google/drive?save=true&next=%2Fsettings");
  });

  it("can be let save, and be disconnected", async () => {
    const user = userEvent.setup();
    let isConnected = true;
    answers({
      "GET /api/drive": () => (isConnected ? drive : notConnected),
      "DELETE /api/drive": () => {
        isConnected = false;
        return new Response(null, { status: 204 });
      },
    });
    renderAt(<SettingsPage />);
    expect(await screen.findByRole("link", { name: "Allow saving" })).toHaveAttribute(
      "href",
      "/auth/google/drive?save=true&next=%2Fsettings",
    );
    await user.click(screen.getByRole("button", { name: "Disconnect" }));
    await user.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Disconnect" }));
    expect(await screen.findByText("Not connected")).toBeInTheDocument();
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  });

  it("says why it was not connected", async () => {
    answers({ "GET /api/drive": () => notConnected });
    renderAt(<SettingsPage />, "/settings?drive_error=access_denied");
    expect(await screen.findByText(connectError("access_denied"))).toBeInTheDocument();
    expect(connectError("something_new")).toMatch(/not connected/);
  });
});

it("ends a session on another device", async () => {
  const user = userEvent.setup();
  const ended: string[] = [];
  answers({
    "GET /api/sessions": () => ({
      object: "list",
      data: [session("ses_1", true), session("ses_2", false)].filter(({ id }) => !ended.includes(id)),
    }),
    "DELETE /api/sessions/ses_2": () => {
      ended.push("ses_2");
      return new Response(null, { status: 204 });
    },
  });
  renderAt(<SettingsPage />);
  await user.click(await screen.findByRole("button", { name: "Sign out of Safari on iPhone" }));
  await waitFor(() => expect(screen.queryByText("Safari on iPhone")).not.toBeInTheDocument());
  expect(screen.getByText("Firefox on Linux")).toBeInTheDocument();
});

it("deletes the account only when its address is typed, and says goodbye", async () => {
  const user = userEvent.setup();
  localStorage.setItem("packshot:has-session", "yes");
  answers({
    "DELETE /api/me": () => Response.json({ detail: "Your account is closed, and so on." }, { status: 202 }),
  });
  renderAt(<SettingsPage />);
  await user.click(await screen.findByRole("button", { name: "Delete account" }));
  const dialog = screen.getByRole("dialog");
  const confirm = within(dialog).getByRole("button", { name: "Delete account" });
  expect(confirm).toBeDisabled();
  await user.type(within(dialog).getByRole("textbox"), "SAM@shop.example");
  await user.click(confirm);
  expect(await screen.findByText("Your account is closed, and so on.")).toBeInTheDocument();
  expect(screen.getByRole("button", { name: "Go to the start page" })).toBeInTheDocument();
  expect(localStorage.getItem("packshot:has-session")).toBeNull();
});
