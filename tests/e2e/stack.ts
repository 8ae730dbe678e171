/** The stack that the tests run against: its `stack.json`, named by PACKSHOT_STACK, or that of `cargo xtask up`. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

interface StackFile {
  base_url: string;
  aws_endpoint: string;
  google_url: string;
  /** The program that makes users. */
  seed_program: string;
  outputs: Record<string, string>;
}

const file = process.env.PACKSHOT_STACK ?? fileURLToPath(new URL("../../.packshot/stack.json", import.meta.url));

export const stack: StackFile = JSON.parse(readFileSync(file, "utf8"));
