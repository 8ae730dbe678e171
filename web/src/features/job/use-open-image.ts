import { useLocation, useNavigate, useSearchParams } from "react-router";

const PARAMETER = "image";

/**
 * Which image is open in the viewer, from 0. It is kept in the address, so that the browser's way back closes the viewer, and
 * an address leads to an image.
 */
export function useOpenImage() {
  const [query, setQuery] = useSearchParams();
  const navigate = useNavigate();
  const { state } = useLocation();
  const number = Number.parseInt(query.get(PARAMETER) ?? "", 10);
  /** Whether there is an entry of the history before this one that is the page without an open image. */
  const wasOpenedHere = (state as { wasOpenedHere?: boolean } | null)?.wasOpenedHere === true;

  const go = (index: number | undefined, options: { replace: boolean; state: unknown }) =>
    setQuery(
      (before) => {
        const next = new URLSearchParams(before);
        if (index === undefined) next.delete(PARAMETER);
        else next.set(PARAMETER, String(index + 1));
        return next;
      },
      { ...options, preventScrollReset: true },
    );
  return {
    index: number >= 1 ? number - 1 : undefined,
    open: (index: number) => go(index, { replace: false, state: { wasOpenedHere: true } }),
    move: (index: number) => go(index, { replace: true, state }),
    close: () => {
      if (wasOpenedHere) void navigate(-1);
      else go(undefined, { replace: true, state: null });
    },
  };
}
