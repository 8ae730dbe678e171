/**
 * What the browser keeps for the page: `tab` for as long as the tab is open, `device` until it is removed. A browser may
 * refuse to keep or to tell anything, even to be asked; the page then works without.
 */

type Area = "tab" | "device";

function inArea<T>(area: Area, act: (storage: Storage) => T, otherwise: T): T {
  try {
    return act(area === "tab" ? sessionStorage : localStorage);
  } catch {
    return otherwise;
  }
}

/** What is kept under a name. */
export function kept(area: Area, name: string): string | undefined {
  return inArea(area, (storage) => storage.getItem(name) ?? undefined, undefined);
}

export function keep(area: Area, name: string, text: string) {
  inArea(area, (storage) => storage.setItem(name, text), undefined);
}

export function forget(area: Area, name: string) {
  inArea(area, (storage) => storage.removeItem(name), undefined);
}

/** Forgets everything of an area. */
export function forgetAll(area: Area) {
  inArea(area, (storage) => storage.clear(), undefined);
}
