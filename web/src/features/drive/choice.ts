/** Which photos of a Drive are chosen: single ones in an order, or a folder as a whole. Pure. */

import type { DriveFile } from "@/api/schema";

/** How many photos a job has at most. */
export const MOST_PHOTOS = 8;

/** The largest photo that is taken, and the types. */
const TAKEN_TYPES = ["image/jpeg", "image/png", "image/webp"];

export type ChosenFile = Pick<DriveFile, "id" | "name" | "resource_key" | "thumbnail_url">;

export interface ChosenFolder {
  id: string;
  name: string;
  resource_key?: string;
  /** Those that will be used, as far as they are known. */
  first?: ChosenFile[];
  /** How many usable photos it has beyond those. */
  leftOut?: number;
  /** There may be more than were looked at. */
  hasMore?: boolean;
}

/** Where somebody is looking. */
export interface DrivePlace {
  folder: string;
  resource_key?: string;
}

export interface DriveChoice {
  files: ChosenFile[];
  /** In the place of single files. */
  folder?: ChosenFolder;
  saveToDrive: boolean;
  place: DrivePlace;
}

export const nothingChosen: DriveChoice = { files: [], saveToDrive: false, place: { folder: "root" } };

export type Unusable = "not_downloadable" | "too_large" | "wrong_type";

/** Why an image cannot be a photo, as far as can be told before its bytes are looked at. */
export function unusable(file: DriveFile): Unusable | undefined {
  if (file.unusable) return file.unusable;
  return file.content_type && !TAKEN_TYPES.includes(file.content_type) ? "wrong_type" : undefined;
}

/** What is kept of a file. */
function chosenFile({ id, name, resource_key, thumbnail_url }: DriveFile): ChosenFile {
  return { id, name, ...(resource_key && { resource_key }), ...(thumbnail_url && { thumbnail_url }) };
}

function withoutFolder({ folder: _folder, ...rest }: DriveChoice): DriveChoice {
  return rest;
}

/** Takes a file in, or out again. A ninth one is not taken. */
export function toggled(choice: DriveChoice, file: DriveFile): DriveChoice {
  const { files } = choice;
  if (files.some(({ id }) => id === file.id)) {
    return { ...withoutFolder(choice), files: files.filter(({ id }) => id !== file.id) };
  }
  if (files.length >= MOST_PHOTOS || unusable(file)) return choice;
  return { ...withoutFolder(choice), files: [...files, chosenFile(file)] };
}

export function withoutFile(choice: DriveChoice, id: string): DriveChoice {
  return { ...choice, files: choice.files.filter((file) => file.id !== id) };
}

/** Puts a file at another position. */
export function movedFile(choice: DriveChoice, id: string, to: number): DriveChoice {
  const file = choice.files.find((one) => one.id === id);
  if (!file) return choice;
  const others = choice.files.filter((one) => one !== file);
  return { ...choice, files: others.toSpliced(Math.max(0, to), 0, file) };
}

/** The folder as it will be used: its first photos in the order of their names, each once. */
export function folderOf(
  folder: Pick<ChosenFolder, "id" | "name" | "resource_key">,
  files: readonly DriveFile[],
  hasMore: boolean,
): ChosenFolder {
  const usable = new Map<string, DriveFile>();
  for (const file of files) {
    if (file.kind === "image" && !unusable(file) && !usable.has(file.id)) usable.set(file.id, file);
  }
  const photos = [...usable.values()];
  const leftOut = Math.max(0, photos.length - MOST_PHOTOS);
  return { ...folder, first: photos.slice(0, MOST_PHOTOS).map(chosenFile), leftOut, hasMore };
}

export function withFolder(choice: DriveChoice, folder: ChosenFolder): DriveChoice {
  return { ...choice, files: [], folder };
}

export function withNothing(choice: DriveChoice): DriveChoice {
  return { ...withoutFolder(choice), files: [] };
}

export function hasChosen({ files, folder }: DriveChoice): boolean {
  return folder !== undefined || files.length > 0;
}
