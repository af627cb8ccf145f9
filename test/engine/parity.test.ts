import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lowerings } from "../../src/engine/lowerings/index.js";
import { tf as load } from "../../src/engine/tfjs.js";
import { isTracing } from "../../src/engine/tracing-flag.js";
import { compare, compareProgram } from "./parity.js";
import { operationNames, singleOperation } from "./random-programs.js";

const tf = load();
const used = new Set<string>();
const engine = tf.engine();
const runKernel = engine.runKernel.bind(engine);
beforeAll(() => {
  engine.runKernel = (name, inputs, attributes) => {
    if (isTracing(tf)) used.add(name);
    return runKernel(name, inputs, attributes);
  };
});
afterAll(() => {
  engine.runKernel = runKernel;
});

// The bound is that of the requirement; what is seen stays ten times below it.
const BOUND = 1e-5;

describe("compiled programs agree with tfjs's cpu backend", () => {
  it.each(operationNames)("for %s and its gradient", async (name) => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const { error } = await compareProgram(singleOperation(name, seed));
      expect(error, `seed ${seed}`).toBeLessThanOrEqual(BOUND);
    }
  });

  it.each(Array.from({ length: 100 }, (_, seed) => [seed]))(
    "for random program %i and its gradients",
    async (seed) => {
      const { error, names } = await compare(seed);
      expect(error, `operations: ${names.join(", ")}`).toBeLessThanOrEqual(BOUND);
    },
  );

  it("and every lowering was put to the test", () => {
    expect(Object.keys(lowerings).filter((name) => !used.has(name))).toEqual([]);
  });
});
