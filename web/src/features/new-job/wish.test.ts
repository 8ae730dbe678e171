import { describe, expect, it } from "vitest";
import { ApiProblem } from "@/api/problem";
import { Wishes } from "./wish";

const refused = (status: number) => ApiProblem.of(new Response(null, { status }), { status });

describe("a wish", () => {
  it("goes with the same name and body until it is known what became of it", () => {
    const wishes = new Wishes<number>();
    const first = wishes.of("a", () => 1);
    for (const error of [ApiProblem.unreachable(), refused(503), refused(401)]) {
      wishes.settle(error);
      expect(wishes.of("a", () => 2)).toBe(first);
    }
  });

  it("is another one when something was changed, refused or done", () => {
    const wishes = new Wishes<number>();
    const first = wishes.of("a", () => 1);
    const other = wishes.of("b", () => 2);
    expect(other.key).not.toBe(first.key);
    wishes.settle(refused(422));
    const again = wishes.of("b", () => 3);
    expect(again).toMatchObject({ body: 3 });
    wishes.settle();
    expect(wishes.of("b", () => 4).key).not.toBe(again.key);
  });
});
