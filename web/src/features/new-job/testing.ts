/** What jsdom lacks for photos, and photos for tests. */

import { webcrypto } from "node:crypto";
import { vi } from "vitest";

function arrayBuffer(this: Blob): Promise<ArrayBuffer> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    // Node's digest takes no buffers of jsdom's making, but its own.
    reader.onload = () => resolve(Buffer.from(reader.result as ArrayBuffer) as unknown as ArrayBuffer);
    reader.onerror = () => reject(reader.error);
    reader.readAsArrayBuffer(this);
  });
}

/** To be called before each test with files. */
export function readFiles() {
  Blob.prototype.arrayBuffer ??= arrayBuffer;
  URL.createObjectURL = vi.fn(() => "blob:preview");
  URL.revokeObjectURL = vi.fn();
  vi.stubGlobal("crypto", webcrypto);
}

export const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

export function png(name: string, content = name): File {
  return new File([new Uint8Array(PNG), content], name, { type: "image/png", lastModified: 1 });
}

/** Storage that answers each PUT as it is told; without a word it takes the photo. */
export function storage(statuses: number[] = []) {
  class FakeRequest {
    upload: { onprogress?: (event: { loaded: number }) => void } = {};
    status = 0;
    onload?: () => void;
    onloadend?: () => void;
    open() {}
    setRequestHeader() {}
    abort() {}
    send(file: Blob) {
      this.status = statuses.shift() ?? 200;
      queueMicrotask(() => {
        this.upload.onprogress?.({ loaded: file.size });
        this.onload?.();
        this.onloadend?.();
      });
    }
  }
  vi.stubGlobal("XMLHttpRequest", FakeRequest);
}
