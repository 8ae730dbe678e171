import { useEffect, useState } from "react";
import { useLocation, useNavigate, useSearchParams } from "react-router";

const PARAMETER = "image";

function indexIn(query: URLSearchParams): number | undefined {
  const number = Number.parseInt(query.get(PARAMETER) ?? "", 10);
  return number >= 1 ? number - 1 : undefined;
}

/**
 * Which image is open in the viewer, from 0. It is kept in the address as well, so that the browser's way back closes the
 * viewer, and an address leads to an image. The address follows a moment later than keys can be pressed, so what is open is
 * taken from it only at first and when the person goes through the browser's history.
 */
export function useOpenImage() {
  const [query, setQuery] = useSearchParams();
  const navigate = useNavigate();
  const { state } = useLocation();
  const [index, setIndex] = useState(() => indexIn(query));
  useEffect(() => {
    const follow = () => setIndex(indexIn(new URLSearchParams(window.location.search)));
    window.addEventListener("popstate", follow);
    return () => window.removeEventListener("popstate", follow);
  }, []);
  /** Whether there is an entry of the history before this one that is the page without an open image. */
  const wasOpenedHere = (state as { wasOpenedHere?: boolean } | null)?.wasOpenedHere === true;

  const go = (next: number | undefined, options: { replace: boolean; state: unknown }) => {
    setIndex(next);
    setQuery(
      (before) => {
        const after = new URLSearchParams(before);
        if (next === undefined) after.delete(PARAMETER);
        else after.set(PARAMETER, String(next + 1));
        return after;
      },
      { ...options, preventScrollReset: true },
    );
  };
  return {
    index,
    open: (next: number) => go(next, { replace: false, state: { wasOpenedHere: true } }),
    move: (next: number) => go(next, { replace: true, state }),
    close: () => {
      setIndex(undefined);
      if (wasOpenedHere) void navigate(-1);
      else go(undefined, { replace: true, state: null });
    },
  };
}
