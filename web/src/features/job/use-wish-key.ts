import { useRef } from "react";
import { idempotencyKey } from "@/api/client";

interface Wish {
  payload: string;
  key: string;
}

/**
 * The idempotency key of what the person wishes: the same while they send the same again, another one once they wish for
 * something else, or have been refused for good.
 */
export function useWishKey() {
  const wish = useRef<Wish | undefined>(undefined);
  return {
    keyOf(payload: string): string {
      if (wish.current?.payload !== payload) wish.current = { payload, key: idempotencyKey() };
      return wish.current.key;
    },
    forget() {
      wish.current = undefined;
    },
  };
}
