/** What an upload is made of, and what its failures mean. */

import { api, unwrap } from "@/api/client";
import { ApiProblem } from "@/api/problem";
import type { Upload } from "@/api/schema";
import { thumbnailOf } from "./kept-photos";
import { PutRefused, putFile } from "./put-file";
import type { Photo } from "./upload-queue";

/** What the uploader works with, so that tests can put other things in its place. */
export interface UploadTools {
  sign: (photo: Photo, sha256: string, signal: AbortSignal) => Promise<Upload>;
  put: typeof putFile;
  wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  thumbnail: (file: File) => Promise<string | undefined>;
}

export const uploadTools: UploadTools = {
  sign: ({ name, size, type }, sha256, signal) =>
    unwrap(
      api.POST("/api/uploads", {
        body: { filename: name.slice(-255) || "photo", content_type: type, size, sha256 },
        signal,
      }),
    ),
  put: putFile,
  thumbnail: thumbnailOf,
  wait: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, milliseconds);
      signal.addEventListener("abort", () => {
        clearTimeout(timer);
        reject(signal.reason);
      });
    }),
};

export async function sha256Of(file: File): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Whether trying again may help, without anybody doing anything. */
export function mayPass(error: unknown): boolean {
  // The address may have ended, or the storage is busy, or there was no answer.
  if (error instanceof PutRefused) return error.status === 0 || error.status === 403 || error.status >= 500;
  return error instanceof ApiProblem && error.retryable;
}

/** Why a photo is not there, and what to do. */
export function reasonOf(error: unknown): string {
  if (error instanceof ApiProblem) {
    return error.fields[0] ? `It was refused: ${error.fields[0].field} ${error.fields[0].message}.` : error.detail;
  }
  if (error instanceof PutRefused) {
    if (error.status === 0) return "The connection broke off. The photo is kept here.";
    if (error.status === 400) return "The file has changed since you chose it. Remove it and choose it again.";
    return "The storage did not take it. The photo is kept here.";
  }
  return "The file can no longer be read. Remove it and choose it again.";
}
