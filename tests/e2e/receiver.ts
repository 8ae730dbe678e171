/** A webhook receiver as a customer would have one: it answers as it is told, and keeps what it got. */
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "@playwright/test";

export interface Received {
  headers: IncomingHttpHeaders;
  /** As it came: the signature is of these bytes. */
  body: string;
  event: { type: string; data: { id?: string; test?: boolean } };
}

interface Answer {
  status: number;
  body?: string;
}

export interface Receiver {
  url: string;
  received: Received[];
  /** How the next calls are answered; every later one is answered with 204. */
  answers: Answer[];
  /** Waits until so many have come, and answers with the last of them. */
  nth: (count: number) => Promise<Received>;
  close: () => Promise<void>;
}

/** Starts one on loopback, where the local stack may call it. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const answers: Answer[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    received.push({ headers: request.headers, body, event: JSON.parse(body) });
    const answer = answers.shift() ?? { status: 204 };
    response.writeHead(answer.status).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    answers,
    async nth(count) {
      await expect.poll(() => received.length, { timeout: 60_000 }).toBeGreaterThanOrEqual(count);
      const found = received[count - 1];
      if (!found) throw new Error(`there is no call ${count}`);
      return found;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Whether a webhook is signed with a secret, as Standard Webhooks has it; without a library of ours or of anybody's. */
export function isSignedWith({ headers, body }: Received, secret: string): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
  const wanted = Buffer.from(`v1,${createHmac("sha256", key).update(signed).digest("base64")}`);
  return String(headers["webhook-signature"])
    .split(" ")
    .map((signature) => Buffer.from(signature))
    .some((signature) => signature.length === wanted.length && timingSafeEqual(signature, wanted));
}
