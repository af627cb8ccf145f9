import { describe, expect, it } from "vitest";
import { ArgumentError, flatten, sameTree, unflatten, type FlatTree } from "../../src/core/index.js";

const isArray = (value: unknown): value is Float64Array => value instanceof Float64Array;
const take = (tree: unknown): FlatTree<Float64Array> => flatten("params", tree, isArray, "a Float64Array");

const [one, two] = [Float64Array.of(1), Float64Array.of(2, 2)];
const tree = {
  layers: [
    { weight: two, bias: one },
    { weight: one, bias: two },
  ],
  scale: one,
};

describe("flatten", () => {
  it("lists leaves, unchanged, with the path to each", () => {
    const { leaves, paths } = take(tree);
    expect(paths).toEqual([
      ".layers[0].weight",
      ".layers[0].bias",
      ".layers[1].weight",
      ".layers[1].bias",
      ".scale",
    ]);
    expect(leaves[0]).toBe(two);
    expect(leaves).toEqual([two, one, one, two, one]);
  });

  it.each([tree, one, [], {}, [[one, [two]], { a: [] }]])("is undone by unflatten", (original) => {
    const { leaves, shape } = take(original);
    expect(unflatten(shape, leaves)).toEqual(original);
  });

  it.each([
    [{ a: [one, 5] }, "params.a[1]: expected a Float64Array, got 5"],
    [null, "params: expected a Float64Array, got null"],
    [{ a: new Float32Array(2) }, "params.a: expected a Float64Array, got Float32Array(2)"],
    [{ a: new Map() }, "params.a: expected a Float64Array"],
  ])("names what is no leaf, list or record", (wrong, message) => {
    expect(() => take(wrong)).toThrow(ArgumentError);
    expect(() => take(wrong)).toThrow(message);
  });
});

describe("sameTree", () => {
  it("compares arrangement and names, not leaves", () => {
    expect(sameTree(take([one, two]).shape, take([two, one]).shape)).toBe(true);
    expect(sameTree(take([one, two]).shape, take([one]).shape)).toBe(false);
    expect(sameTree(take({ a: one }).shape, take({ b: one }).shape)).toBe(false);
    expect(sameTree(take([one]).shape, take(one).shape)).toBe(false);
  });
});
