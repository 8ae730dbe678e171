import { useRef } from "react";
import { idempotencyKey } from "@/api/client";

interface Wish {
  /** Its `Idempotency-Key`. */
  name: string;
  /** When it was first made: "in 30 days" counts from here, however often it is sent. */
  since: Date;
}

/**
 * Tells wishes of the person apart: the same content is the same wish, so that pressing the button again after an answer was
 * lost makes no second key; another content is another one.
 */
export function useWish(): (content: unknown) => Wish {
  const last = useRef<Wish & { content: string }>(undefined);
  return (content) => {
    const text = JSON.stringify(content);
    if (last.current?.content !== text) last.current = { content: text, name: idempotencyKey(), since: new Date() };
    return last.current;
  };
}
