import { configure, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { answerRequests, renderAt } from "@/testing/render";
import { nothingChosen } from "./choice";
import { DrivePicker } from "./drive-picker";

// Whole forms take their time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });
configure({ asyncUtilTimeout: 15_000 });

const connection = {
  object: "drive",
  connected: true,
  needs_reconnect: false,
  can_save: false,
  chosen_with: "folders",
  email: "sam@example.com",
  connect_url: "/auth/google/drive",
  connect_to_save_url: "/auth/google/drive?save=true",
};
const image = (id: string, more = {}) => {
  return { id, name: `${id}.jpg`, kind: "image", is_shortcut: false, content_type: "image/jpeg", bytes: 9, ...more };
};
const folder = (id: string, name: string) => ({ id, name, kind: "folder", is_shortcut: false });
const list = (names: [id: string, name: string][], data: unknown[], more = {}) => {
  return {
    breadcrumbs: names.map(([id, name]) => ({ id, name })),
    data,
    has_more: false,
    is_incomplete: false,
    ...more,
  };
};
const ten = Array.from({ length: 10 }, (_, index) => image(`c${index}`));

function files(request: Request) {
  const query = new URL(request.url).searchParams;
  const top: [string, string] = ["root", "My Drive"];
  if (query.get("q")) return list([top], [image("found")]);
  if (query.get("folder") === "F") return list([top, ["F", "Cup"]], ten);
  const page = query.get("page_token");
  if (page) return { ...list([], [image("last")]), breadcrumbs: undefined };
  const data = [folder("F", "Cup"), image("a"), image("heic", { content_type: "image/heic" }), image("b")];
  return list([top], data, { has_more: true, next_page_token: "2" });
}

function Harness() {
  const [choice, setChoice] = useState(nothingChosen);
  return <DrivePicker choice={choice} onChange={setChoice} problems={{}} savingError={undefined} />;
}

function show(view: Partial<typeof connection> = {}, address = "/new", answers = {}) {
  answerRequests({ "GET /api/drive": () => ({ ...connection, ...view }), "GET /api/drive/files": files, ...answers });
  return renderAt(<Harness />, address);
}

const option = (name: string) => screen.findByRole("option", { name: new RegExp(name) });

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("a Drive that is not connected", () => {
  it("leads to Google and back", async () => {
    show({ connected: false }, "/new?drive_error=access_denied");
    const link = await screen.findByRole("link", { name: "Connect Google Drive" });
    expect(link).toHaveAttribute("href", "/auth/google/drive?next=%2Fnew%3Fsource%3Ddrive");
    expect(screen.getByText(/did not allow it at Google/)).toBeInTheDocument();
  });

  it("says when access was taken back", async () => {
    show({ connected: false, needs_reconnect: true });
    expect(await screen.findByRole("link", { name: "Connect Drive again" })).toBeInTheDocument();
  });

  it("says so, too, when that comes out on the way", async () => {
    const answer = { status: 409, code: "drive_reconnect_needed", title: "Connect it again", detail: "Taken back." };
    show({}, "/new", { "GET /api/drive/files": () => Response.json(answer, { status: 409 }) });
    const alert = await screen.findByRole("alert");
    expect(alert).toHaveTextContent("Taken back.");
    expect(within(alert).getByRole("link", { name: "Connect Drive again" })).toBeInTheDocument();
  });
});

describe("choosing photos", () => {
  it("keeps their order, and leaves out what can be none", async () => {
    show();
    await userEvent.click(await option("b.jpg"));
    await userEvent.click(await option("heic.jpg"));
    await userEvent.click(await option("a.jpg"));
    expect(await option("heic.jpg")).toHaveAttribute("aria-disabled", "true");
    const tray = screen.getByRole("region", { name: "Chosen photos" });
    expect(tray).toHaveTextContent("2 photos chosen");
    expect(within(tray).getAllByRole("listitem")[0]).toHaveTextContent("01 main b.jpg");
    await userEvent.click(within(tray).getByRole("button", { name: "Remove b.jpg" }));
    expect(await option("b.jpg")).toHaveAttribute("aria-selected", "false");
  });

  it("works by keyboard", async () => {
    show();
    const first = await option("a.jpg");
    first.focus();
    await userEvent.keyboard(" {End}{Enter}");
    expect(first).toHaveAttribute("aria-selected", "true");
    expect(await option("b.jpg")).toHaveAttribute("aria-selected", "true");
    expect(await option("b.jpg")).toHaveFocus();
  });

  it("takes a folder as a whole, and says what is left out", async () => {
    show();
    await userEvent.click(await screen.findByRole("button", { name: "Cup" }));
    expect(await screen.findByRole("heading", { name: "Cup" })).toHaveFocus();
    await userEvent.click(screen.getByRole("button", { name: "Use this folder" }));
    expect(screen.getByRole("region", { name: "Chosen folder" })).toHaveTextContent("2 are left out");
    await userEvent.click(await option("c3.jpg"));
    expect(screen.queryByRole("region", { name: "Chosen folder" })).not.toBeInTheDocument();
  });

  it("finds by name, and shows more of a long folder", async () => {
    show();
    await userEvent.click(await screen.findByRole("button", { name: "Show more" }));
    expect(await option("last.jpg")).toBeInTheDocument();
    await userEvent.type(screen.getByRole("searchbox"), "fou");
    expect(await option("found.jpg")).toBeInTheDocument();
  });

  it("asks Google for the right to save only when that is wanted", async () => {
    show();
    await userEvent.click(await screen.findByLabelText(/Also save the images/));
    const link = screen.getByRole("link", { name: "Allow saving at Google" });
    expect(link).toHaveAttribute("href", "/auth/google/drive?save=true&next=%2Fnew%3Fsource%3Ddrive");
  });
});

describe("Google's own window", () => {
  class Builder {
    #callback: (answer: unknown) => void = () => {};
    addView = () => this;
    enableFeature = () => this;
    setAppId = vi.fn(() => this);
    setDeveloperKey = () => this;
    setOAuthToken = () => this;
    setOrigin = () => this;
    setMaxItems = () => this;
    setTitle = () => this;
    setCallback = (callback: (answer: unknown) => void) => {
      this.#callback = callback;
      return this;
    };
    build = () => ({
      setVisible: () => this.#callback({ action: "picked", docs: [{ id: "p", name: "p.jpg", resourceKey: "0-x" }] }),
    });
  }
  class View {
    setMimeTypes = () => this;
    setIncludeFolders = () => this;
    setEnableDrives = () => this;
  }
  const access = { access_token: "token", developer_key: "key", app_id: "1" };

  it("hands over what was picked", async () => {
    vi.stubGlobal("gapi", { load: (_name: string, { callback }: { callback: () => void }) => callback() });
    const picker = { DocsView: View, PickerBuilder: Builder, ViewId: {}, Feature: {} };
    vi.stubGlobal("google", { picker });
    show({ chosen_with: "picker" }, "/new", { "GET /api/drive/picker": () => access });
    await userEvent.click(await screen.findByRole("button", { name: "Choose photos in Google Drive" }));
    expect(await screen.findByRole("region", { name: "Chosen photos" })).toHaveTextContent("p.jpg");
  });

  it("says so when it cannot be loaded", async () => {
    show({ chosen_with: "picker" }, "/new", { "GET /api/drive/picker": () => access });
    await userEvent.click(await screen.findByRole("button", { name: "Choose photos in Google Drive" }));
    await waitFor(() => expect(document.querySelector("script[src*='apis.google.com']")).not.toBeNull());
    document.querySelector("script[src*='apis.google.com']")?.dispatchEvent(new Event("error"));
    expect(await screen.findByText(/could not be loaded/)).toBeInTheDocument();
  });
});
