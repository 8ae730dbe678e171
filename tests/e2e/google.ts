/** The embedded Google, as the tests steer it (infra/fake-google/README.md). */
import { randomUUID } from "node:crypto";
import { stack } from "./stack.ts";

/** Somebody with an account at the embedded Google. */
export interface Account {
  email: string;
  sub: string;
  /** Ids of the files in their Drive, by path. */
  files: Record<string, string>;
}

async function call<T>(method: string, path: string, body: unknown): Promise<T> {
  const answer = await fetch(`${stack.google_url}${path}`, {
    method,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path} was answered with ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** Makes an account that no other test knows. Its Drive holds the sample products unless told otherwise. */
export function addAccount(drive: unknown = "sample"): Promise<Account> {
  const email = `${randomUUID().slice(0, 8)}@seller.example`;
  return call("PUT", "/__accounts", { email, name: "Sam Seller", drive });
}

/**
 * Adds faults after those in force. Tests run at the same time: each says by `contains` (a text of the job, such as its
 * product's title) or by `account` whose calls it means.
 */
export async function addFaults(faults: Record<string, unknown>): Promise<void> {
  await call("POST", "/__faults", faults);
}

/** The person takes back at Google what they have allowed. */
export async function revokeGrant(email: string): Promise<void> {
  await call("POST", "/__grants/revoke", { email });
}
