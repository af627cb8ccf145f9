import { describe, expect, it } from "vitest";
import { formula } from "../../src/notebook/index.js";
import { freshRun } from "./fake-kernel.js";

const run = freshRun();
const tex = () => run.kernel.last("text/latex");

describe("formula", () => {
  it("shows an expression as TeX, with its name", () => {
    formula("x^4/4 - x^2/2", { name: "V(x)" });
    expect(tex()).toMatch(/^\$\$[\s\S]*V[\s\S]*&= *\\frac\{[\s\S]*x[\s\S]*4[\s\S]*\$\$$/);
    expect(run.kernel.last("text/plain")).toBe("V(x) = x^4/4 - x^2/2");
  });

  it("derives by symbols", () => {
    formula("x^4/4 - x^2/2", { name: "V(x)", derivative: "x" });
    const [, slope] = tex().split("\\\\\n");
    expect(slope).toContain("\\frac{\\partial}{\\partial");
    expect(slope.replace(/\s|\{|\}/g, "")).toMatch(/x\^3-x/);
  });

  it("passes TeX on", () => {
    formula("\\nabla \\log p_t(x)");
    expect(tex()).toContain("& \\nabla \\log p_t(x)");
  });

  it("names what is wrong", () => {
    expect(() => formula("x +")).toThrow("text: expected an expression (Unexpected end of expression");
    expect(() => formula("")).toThrow("text: expected an expression or TeX");
    expect(() => formula("\\alpha", { derivative: "x" })).toThrow("derivative");
  });
});
