import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterEach, vi } from "vitest";

afterEach(cleanup);

// As with the tests' own limit: only a test that fails waits so long.
configure({ asyncUtilTimeout: 10_000 });

// jsdom has no modal dialogs (https://github.com/jsdom/jsdom/issues/3294).
HTMLDialogElement.prototype.showModal ??= vi.fn(function (this: HTMLDialogElement) {
  this.open = true;
});
HTMLDialogElement.prototype.close ??= vi.fn(function (this: HTMLDialogElement) {
  this.open = false;
});
