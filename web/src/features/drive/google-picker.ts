/**
 * Google's Picker, for deployments that may only see what people pick
 * (https://developers.google.com/workspace/drive/picker/reference). Its script is fetched when it is first needed.
 */

import { api, unwrap } from "@/api/client";
import type { DrivePicker } from "@/api/schema";
import type { ChosenFile } from "./choice";

const SCRIPT = "https://apis.google.com/js/api.js";

/** Whatever lets people pick files of a Drive: the files, or nothing where they closed it. */
export interface FilePicker {
  pick: () => Promise<ChosenFile[] | null>;
}

/** The script cannot be loaded: offline, or something in the browser keeps it out. */
export class PickerNotLoaded extends Error {
  override readonly name = "PickerNotLoaded";
}

/** The part of Google's interface that is used here. */
interface DocsView {
  setMimeTypes(types: string): DocsView;
  setIncludeFolders(include: boolean): DocsView;
  setEnableDrives(enable: boolean): DocsView;
}

interface PickerBuilder {
  addView(view: DocsView): PickerBuilder;
  enableFeature(feature: string): PickerBuilder;
  setAppId(id: string): PickerBuilder;
  setDeveloperKey(key: string): PickerBuilder;
  setOAuthToken(token: string): PickerBuilder;
  setMaxItems(count: number): PickerBuilder;
  setOrigin(origin: string): PickerBuilder;
  setTitle(title: string): PickerBuilder;
  setCallback(callback: (answer: PickerAnswer) => void): PickerBuilder;
  build(): { setVisible(visible: boolean): void };
}

interface PickerAnswer {
  action: string;
  docs?: { id: string; name: string; resourceKey?: string }[];
}

interface PickerInterface {
  DocsView: new (view: string) => DocsView;
  PickerBuilder: new () => PickerBuilder;
  ViewId: { DOCS_IMAGES: string };
  Feature: { MULTISELECT_ENABLED: string; SUPPORT_DRIVES: string };
}

interface GoogleWindow {
  gapi?: { load(name: string, answers: { callback: () => void; onerror: () => void }): void };
  google?: { picker?: PickerInterface };
}

const here = globalThis as GoogleWindow;

function loadScript(): Promise<void> {
  if (here.gapi) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = SCRIPT;
    script.async = true;
    script.onload = () => resolve();
    script.onerror = () => {
      script.remove();
      reject(new PickerNotLoaded());
    };
    document.head.append(script);
  });
}

async function loadPicker(): Promise<PickerInterface> {
  await loadScript();
  await new Promise<void>((resolve, reject) => {
    const failed = () => reject(new PickerNotLoaded());
    if (here.gapi) here.gapi.load("picker", { callback: resolve, onerror: failed });
    else failed();
  });
  if (!here.google?.picker) throw new PickerNotLoaded();
  return here.google.picker;
}

function show(google: PickerInterface, access: DrivePicker, most: number): Promise<ChosenFile[] | null> {
  const view = (drives: boolean) =>
    new google.DocsView(google.ViewId.DOCS_IMAGES)
      .setMimeTypes("image/jpeg,image/png,image/webp")
      .setIncludeFolders(true)
      .setEnableDrives(drives);
  return new Promise((resolve) => {
    const answered = ({ action, docs }: PickerAnswer) => {
      if (action === "cancel") resolve(null);
      if (action !== "picked") return;
      const files = (docs ?? []).slice(0, most);
      resolve(
        files.map(({ id, name, resourceKey }) => ({ id, name, ...(resourceKey && { resource_key: resourceKey }) })),
      );
    };
    new google.PickerBuilder()
      .addView(view(false))
      .addView(view(true))
      .enableFeature(google.Feature.MULTISELECT_ENABLED)
      .enableFeature(google.Feature.SUPPORT_DRIVES)
      // Without the project's number, what is picked is not ours to read.
      .setAppId(access.app_id)
      .setDeveloperKey(access.developer_key)
      .setOAuthToken(access.access_token)
      .setOrigin(location.origin)
      .setMaxItems(most)
      .setTitle("Choose photos of one product")
      .setCallback(answered)
      .build()
      .setVisible(true);
  });
}

/** Google's own window, for up to so many files. */
export function googlePicker(most: number): FilePicker {
  return {
    pick: async () => {
      const [google, access] = await Promise.all([loadPicker(), unwrap(api.GET("/api/drive/picker"))]);
      return show(google, access, most);
    },
  };
}
