import { fireEvent, render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { barAt, barHeight, shortDay, UsageChart } from "./usage-chart";

describe("a bar", () => {
  it("is as high as its share of the highest, and to be seen where there is anything", () => {
    expect(barHeight(5, 10)).toBe(50);
    expect(barHeight(1, 10_000)).toBe(2);
    expect(barHeight(0, 10)).toBe(0);
    expect(barHeight(0, 0)).toBe(0);
  });

  it("is found by where it is", () => {
    expect(barAt(0, 300, 30)).toBe(0);
    expect(barAt(299, 300, 30)).toBe(29);
    expect(barAt(300, 300, 30)).toBeUndefined();
    expect(barAt(1, 0, 30)).toBeUndefined();
  });
});

it("says a day in UTC", () => {
  expect(shortDay("2026-11-01")).toBe("1 Nov");
});

it("says what a bar is while it is pointed at", () => {
  const bars = [
    { day: "2026-11-24", value: 3 },
    { day: "2026-11-25", value: 12 },
  ];
  render(<UsageChart bars={bars} format={(value) => `${value} jobs`} label="Jobs by day" summary="15 jobs" />);
  const chart = screen.getByRole("img", { name: "Jobs by day" });
  chart.getBoundingClientRect = () => DOMRect.fromRect({ width: 200, height: 100 });
  expect(screen.getByText("15 jobs")).toBeInTheDocument();
  fireEvent.pointerMove(chart, { clientX: 150 });
  expect(screen.getByRole("figure")).toHaveTextContent("12 jobs on 25 Nov");
  fireEvent.pointerLeave(chart);
  expect(screen.getByText("15 jobs")).toBeInTheDocument();
});
