import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

/** What was sent to the place for reports. */
let received: string[];
let server: ReturnType<typeof createServer>;
let dsn: string;

beforeEach(async () => {
  vi.resetModules();
  received = [];
  server = createServer((request, response) => {
    let text = "";
    request.on("data", (part) => {
      text += part;
    });
    request.on("end", () => {
      if (request.method === "POST") received.push(`${request.url}\n${text}`);
      response.setHeader("access-control-allow-origin", "*").setHeader("access-control-allow-headers", "*").end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  dsn = `http://publickey@127.0.0.1:${port}/7`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** The deployment says this; everything else really goes out. */
function deployedWith(sentry_dsn: string) {
  const out = globalThis.fetch;
  const asked = vi.fn((input: RequestInfo | URL, init?: RequestInit) =>
    input === "/environment.json" ? Promise.resolve(Response.json({ stage: "test", sentry_dsn })) : out(input, init),
  );
  vi.stubGlobal("fetch", asked);
  return asked;
}

it("sends an error once, with its stage and without the query", async () => {
  deployedWith(dsn);
  window.history.replaceState(null, "", "/jobs?q=secret-wish");
  const { report } = await import("./report");
  const error = new Error("The page broke");
  await Promise.all([report(error), report(error)]);
  await vi.waitFor(() => expect(received).toHaveLength(1), { timeout: 10_000 });
  expect(received[0]).toContain("/api/7/envelope/");
  expect(received[0]).toContain("The page broke");
  expect(received[0]).toContain('"environment":"test"');
  expect(received[0]).not.toContain("secret-wish");
});

it("sends nothing where there is no place for it", async () => {
  const asked = deployedWith("");
  const { report } = await import("./report");
  await report(new Error("The page broke"));
  expect(asked.mock.calls.map(([address]) => address)).toEqual(["/environment.json"]);
});

it("stops after some", async () => {
  deployedWith(dsn);
  const { report } = await import("./report");
  await Promise.all(Array.from({ length: 30 }, (_, index) => report(new Error(`number ${index}`))));
  await vi.waitFor(() => expect(received).toHaveLength(10), { timeout: 10_000 });
});

it("lets go of what cannot be told", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no connection")));
  const { report } = await import("./report");
  await expect(report(new Error("The page broke"))).resolves.toBeUndefined();
});
