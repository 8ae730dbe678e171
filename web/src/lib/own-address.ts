/**
 * The path of an address of ours. The API names its files by whole addresses; the page asks for them where it is itself, so
 * that every host that it is served from works, and the content security policy's `'self'` holds.
 */
export function ownPath(url: string): string {
  const { pathname, search } = new URL(url, "https://here.invalid");
  return `${pathname}${search}`;
}
