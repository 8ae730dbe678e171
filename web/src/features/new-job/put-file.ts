import type { Upload } from "@/api/schema";

/** The storage did not take a file: its status, or 0 where there was no answer. */
export class PutRefused extends Error {
  override readonly name = "PutRefused";
  readonly status: number;

  constructor(status: number) {
    super(`the storage answered with ${status}`);
    this.status = status;
  }
}

/**
 * Sends a file to a presigned address with exactly the headers that were signed. It is an XMLHttpRequest because `fetch` does
 * not tell how much has gone.
 */
export function putFile(
  upload: Upload,
  file: Blob,
  signal: AbortSignal,
  onProgress: (sent: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    request.open(upload.method, upload.url);
    for (const [name, value] of Object.entries(upload.headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => onProgress(event.loaded);
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve();
      else reject(new PutRefused(request.status));
    };
    request.onerror = () => reject(new PutRefused(0));
    request.onabort = () => reject(new DOMException("the upload was stopped", "AbortError"));
    request.onloadend = () => signal.removeEventListener("abort", stop);
    signal.addEventListener("abort", stop);
    request.send(file);
  });
}
