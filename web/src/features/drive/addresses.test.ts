import { expect, it } from "vitest";
import { backHere, connectAddress } from "./addresses";

it("leads to Google and back to where one was", () => {
  const next = backHere("/new", "?from=job_1&drive_error=access_denied");
  expect(next).toBe("/new?from=job_1&source=drive");
  expect(connectAddress("/auth/google/drive", next)).toBe(
    "/auth/google/drive?next=%2Fnew%3Ffrom%3Djob_1%26source%3Ddrive",
  );
  expect(connectAddress("/auth/google/drive?save=true", "/new?source=drive")).toBe(
    "/auth/google/drive?save=true&next=%2Fnew%3Fsource%3Ddrive",
  );
});
