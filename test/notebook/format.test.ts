import { describe, expect, it } from "vitest";
import { escapeHtml, formatNumber, formatSeconds } from "../../src/notebook/format.js";

describe("formatNumber", () => {
  it.each([
    [0, "0"],
    [10000, "10000"],
    [-3, "−3"],
    [0.123456, "0.1235"],
    [12345.678, "12350"],
    [1.5e-7, "1.5e−7"],
    [2e12, "2e12"],
    [1.23456e15, "1.235e15"],
    [NaN, "NaN"],
    [-Infinity, "-Infinity"],
  ])("%d reads %s", (value, text) => expect(formatNumber(value)).toBe(text));
});

describe("formatSeconds", () => {
  it.each([
    [0.0123, "0.012 s"],
    [9.94, "9.9 s"],
    [9.96, "10 s"],
    [59.6, "1 min 0 s"],
    [200, "3 min 20 s"],
    [7500, "2 h 5 min"],
  ])("%d reads %s", (seconds, text) => expect(formatSeconds(seconds)).toBe(text));
});

it("escapes what HTML and its attributes take for their own", () => {
  expect(escapeHtml(`<a b="c" d='e'>&`)).toBe("&#60;a b=&#34;c&#34; d=&#39;e&#39;&#62;&#38;");
});
