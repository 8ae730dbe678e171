/** Moves photos through the queue: two at a time, with new tries after trouble on the way. */

import { ApiProblem } from "@/api/problem";
import type { Upload } from "@/api/schema";
import { sessionEnded } from "@/features/session/session-state";
import { checkPhoto, MOST_PHOTOS } from "./photo-check";
import { PutRefused } from "./put-file";
import { isUnfinished, nextToSend, type Photo, type QueueAction, queueReducer, sameAs } from "./upload-queue";
import { mayPass, reasonOf, sha256Of, type UploadTools, uploadTools } from "./upload-tools";

/** How often a photo is sent again by itself after trouble on the way. */
const NEW_TRIES = 3;

/** How long to wait before the first new try, in milliseconds; each further one waits twice as long. */
const FIRST_WAIT = 1000;

/** An address that ends so soon is not used: the photo might not be through in time, in milliseconds. */
const TOO_LATE = 30_000;

/** Something that people are told about what they chose. */
interface Remark {
  id: number;
  words: string;
}

export interface UploadState {
  photos: readonly Photo[];
  remarks: readonly Remark[];
}

export class Uploader {
  #state: UploadState;
  readonly #listeners = new Set<() => void>();
  readonly #stops = new Map<string, AbortController>();
  readonly #tools: UploadTools;
  #remarks = 0;

  /** Begins with photos that are there already. */
  constructor(photos: readonly Photo[] = [], replaced: Partial<UploadTools> = {}) {
    this.#state = { photos, remarks: [] };
    this.#tools = { ...uploadTools, ...replaced };
  }

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = () => this.#state;

  /** Takes files in, as far as they can be photos and there is room. */
  async add(files: Iterable<File>): Promise<void> {
    this.#set({ remarks: [] });
    for (const file of files) {
      const check = await checkPhoto(file);
      // Looked at after each check: another file may have come in meanwhile.
      const { photos } = this.#state;
      if ("refusal" in check) this.#remark(check.refusal);
      else if (sameAs(photos, file)) this.#remark(`“${file.name}” is there already and was not added twice.`);
      else if (photos.length >= MOST_PHOTOS)
        this.#remark(`“${file.name}” was left out: a job takes up to eight photos.`);
      else this.#take(file, check.type);
    }
  }

  /** Sends one photo again. */
  again(id: string) {
    const photo = this.#state.photos.find((one) => one.id === id);
    if (photo?.file) this.#do({ type: "again", id });
    else this.#do({ type: "failed", id, reason: "Its file is no longer at hand. Remove it and choose it again." });
    this.#pump();
  }

  /** Sends all again that were held, because somebody is signed in again. */
  resume() {
    for (const photo of this.#state.photos) if (photo.status === "held") this.again(photo.id);
  }

  cancel(id: string) {
    this.#do({ type: "canceled", id });
    this.#stop(id);
  }

  remove(id: string) {
    const photo = this.#state.photos.find((one) => one.id === id);
    this.#do({ type: "removed", id });
    this.#stop(id);
    if (photo) URL.revokeObjectURL(photo.preview);
  }

  move(id: string, to: number) {
    this.#do({ type: "moved", id, to });
  }

  /** Notes what the API says about a photo that is there. */
  refuse(id: string, reason: string) {
    this.#do({ type: "failed", id, reason });
  }

  /** The page goes: stops what is on its way and lets go of the pictures. */
  release() {
    for (const { id, preview } of this.#state.photos) {
      this.#stops.get(id)?.abort();
      URL.revokeObjectURL(preview);
    }
  }

  /** Takes everything out. */
  clear() {
    for (const photo of this.#state.photos) this.remove(photo.id);
    this.#set({ remarks: [] });
  }

  get isUnfinished(): boolean {
    return isUnfinished(this.#state.photos);
  }

  #take(file: File, type: Photo["type"]) {
    const { name, size } = file;
    const preview = URL.createObjectURL(file);
    const photo: Photo = { id: crypto.randomUUID(), name, size, type, file, preview, status: "waiting", sent: 0 };
    this.#do({ type: "added", photo });
    this.#pump();
  }

  #pump() {
    for (let photo = nextToSend(this.#state.photos); photo; photo = nextToSend(this.#state.photos)) {
      this.#do({ type: "started", id: photo.id });
      if (photo.file) void this.#send(photo, photo.file);
    }
  }

  async #send(photo: Photo, file: File) {
    const { id } = photo;
    const stop = new AbortController();
    this.#stops.set(id, stop);
    try {
      const sha256 = photo.sha256 ?? (await sha256Of(file));
      stop.signal.throwIfAborted();
      const same = this.#state.photos.find((one) => one.sha256 === sha256 && one.id !== id);
      if (same) {
        this.remove(id);
        this.#remark(`“${photo.name}” is the same picture as “${same.name}” and was not added twice.`);
        return;
      }
      this.#do({ type: "hashed", id, sha256 });
      const uploadId = await this.#deliver(photo, file, sha256, stop.signal);
      this.#do({ type: "finished", id, uploadId });
      const thumbnail = await this.#tools.thumbnail(file);
      if (thumbnail) this.#do({ type: "pictured", id, thumbnail });
    } catch (error) {
      if (!stop.signal.aborted) this.#note(id, error);
    } finally {
      if (this.#stops.get(id) === stop) this.#stops.delete(id);
      this.#pump();
    }
  }

  /** Signs and sends until it is there, or until trying again does not help. */
  async #deliver(photo: Photo, file: File, sha256: string, signal: AbortSignal): Promise<string> {
    let upload: Upload | undefined;
    for (let tries = 0; ; tries += 1) {
      try {
        if (!upload || Date.parse(upload.expires_at) - Date.now() < TOO_LATE) {
          upload = await this.#tools.sign(photo, sha256, signal);
        }
        await this.#tools.put(upload, file, signal, (sent) => this.#do({ type: "progressed", id: photo.id, sent }));
        return upload.upload_id;
      } catch (error) {
        if (signal.aborted || tries >= NEW_TRIES || !mayPass(error)) throw error;
        if (error instanceof PutRefused && error.status === 403) upload = undefined;
        const asked = error instanceof ApiProblem ? (error.retryAfter ?? 0) * 1000 : 0;
        await this.#tools.wait(Math.max(asked, FIRST_WAIT * 2 ** tries), signal);
      }
    }
  }

  #note(id: string, error: unknown) {
    if (error instanceof ApiProblem && error.isSignedOut) {
      this.#do({ type: "held", id });
      sessionEnded();
    } else {
      this.#do({ type: "failed", id, reason: reasonOf(error) });
    }
  }

  #stop(id: string) {
    this.#stops.get(id)?.abort();
    this.#stops.delete(id);
    this.#pump();
  }

  #remark(words: string) {
    this.#remarks += 1;
    this.#set({ remarks: [...this.#state.remarks, { id: this.#remarks, words }] });
  }

  #do(action: QueueAction) {
    this.#set({ photos: queueReducer(this.#state.photos, action) });
  }

  #set(change: Partial<UploadState>) {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}
