/** The ways to Google and back. */

/**
 * Where the browser goes to connect a Drive, so that it comes back to where it was. The address of the API may have a query
 * already (`?save=true`).
 */
export function connectAddress(connectUrl: string, next: string): string {
  const address = new URL(connectUrl, location.origin);
  address.searchParams.set("next", next);
  return address.pathname + address.search;
}

/** The page as it is to be found again: with the Drive open, and without what went wrong the last time. */
export function backHere(pathname: string, search: string): string {
  const query = new URLSearchParams(search);
  query.set("source", "drive");
  query.delete("drive_error");
  return `${pathname}?${query}`;
}
