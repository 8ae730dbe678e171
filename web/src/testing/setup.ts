import "@testing-library/jest-dom/vitest";
import { cleanup } from "@testing-library/react";
import { afterEach, vi } from "vitest";

afterEach(cleanup);

// jsdom has no modal dialogs (https://github.com/jsdom/jsdom/issues/3294).
HTMLDialogElement.prototype.showModal ??= vi.fn(function (this: HTMLDialogElement) {
  this.open = true;
});
HTMLDialogElement.prototype.close ??= vi.fn(function (this: HTMLDialogElement) {
  this.open = false;
});
