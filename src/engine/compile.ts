import { writeFile } from "node:fs/promises";
import type { Tensor } from "@tensorflow/tfjs";
import { checkKeys, checkOneOf } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import { flatten, sameTree, unflatten, type FlatTree } from "../core/tree.js";
import { describeDevice, type DeviceName } from "./device.js";
import { entriesOf, fit, INPUT_LEAF, isExampleLeaf, isInputLeaf, LEAF, specOf, tensorOf } from "./leaves.js";
import type { ProgramArrays } from "./loaded-program.js";
import type { Program } from "./program.js";
import { Programs } from "./programs.js";
import { runEagerly } from "./eager.js";
import { runProgram } from "./run.js";
import { tf } from "./tfjs.js";
import { CompileError } from "./trace/refusal.js";
import type { InputSpec, Traced } from "./trace/trace.js";
import type { CompiledFunction, CompileOptions, Example, ExampleLeaf } from "./types.js";

type AnyFunction = (input: unknown) => unknown;

/**
 * Compile a function of tensors: it is run once on tensors without entries, what it does becomes an ONNX graph, and
 * ONNX Runtime executes that in a thread of the worker pool. Derivatives inside of the function are compiled with it.
 *
 * @param fn from a tree of tensors to a tree of tensors, in tfjs operations; it sees shapes, never entries
 * @param example a tree like the input, with tensors, vectors, numbers or `{ shape, dtype }` as leaves
 * @returns an async function from a tree like the example to a tree like the result of `fn`
 * @throws CompileError for an operation without a counterpart, a read of entries, a captured variable, or tfjs's own
 * random numbers, with the caller's line; ArgumentError for an example that is none
 */
export function compile<I, O>(
  fn: (input: I) => O,
  example: I,
  options?: CompileOptions,
): CompiledFunction<I, O>;
export function compile<I, O>(
  fn: (input: I) => O,
  example: Example<I>,
  options?: CompileOptions,
): CompiledFunction<I, O>;
export function compile(fn: AnyFunction, example: unknown, options: CompileOptions = {}): unknown {
  checkFunction(fn);
  checkKeys("options", options, ["fallback", "cache"]);
  const fallback = checkOneOf("options.fallback", options.fallback ?? "none", ["none", "eager"]);
  const tree = flatten("example", example, isExampleLeaf, LEAF);
  const specs = tree.leaves.map((leaf, i) => specOf(`example${tree.paths[i]}`, leaf));
  const programs = new Programs(fn, tree.shape);
  const first = firstProgram(programs, specs, fallback);
  const call = async (input: unknown): Promise<unknown> => {
    const given = flatten("input", input, isInputLeaf, INPUT_LEAF);
    const fitting = fitAll(given, tree, specs);
    const arrays = given.leaves.map(entriesOf);
    const asTensors = given.leaves.some((leaf) => leaf instanceof tf().Tensor) || given.leaves.length === 0;
    const device = await chosenDevice();
    if (first === undefined || device === "tfjs-gpu") {
      return runEagerly(
        fn,
        tree.shape,
        arrays.map((data, i) => tensorOf(data, fitting[i])),
        asTensors,
      );
    }
    const traced = programs.for(fitting);
    const outputs = await runProgram(traced.program, arrays, {
      providers: providersOf(device),
      cache: options.cache !== false,
    });
    return asTensors ? tensorTree(traced, outputs) : unflatten(traced.outputs, outputs);
  };
  return Object.assign(call, {
    mode: first === undefined ? "eager" : "compiled",
    program: first?.program,
    outputShapes: first === undefined ? {} : shapesByPath(first),
    dumpModel: (path: string) => dump(path, first?.program),
  });
}

function checkFunction(fn: AnyFunction): void {
  if (typeof fn !== "function") throw new ArgumentError("fn", fn, "a function of tensors");
  if (fn.length > 1) {
    throw new ArgumentError(
      "fn",
      fn,
      `a function of one tree; write ([a, b]) => … instead of ${fn.length} arguments`,
    );
  }
}

function firstProgram(
  programs: Programs,
  specs: readonly InputSpec[],
  fallback: "none" | "eager",
): Traced | undefined {
  try {
    return programs.for(specs);
  } catch (error) {
    if (fallback === "eager" && error instanceof CompileError) return undefined;
    throw error;
  }
}

function fitAll(
  given: FlatTree<ExampleLeaf>,
  expected: FlatTree<ExampleLeaf>,
  specs: readonly InputSpec[],
): InputSpec[] {
  if (!sameTree(given.shape, expected.shape)) {
    const list = (paths: readonly string[]): string => `input${paths.slice(0, 12).join(", input")}`;
    throw new ArgumentError("input", list(given.paths), `a tree like the example: ${list(expected.paths)}`);
  }
  return given.leaves.map((leaf, i) => fit(`input${given.paths[i]}`, leaf, specs[i]));
}

async function chosenDevice(): Promise<DeviceName> {
  return (await describeDevice()).device;
}

function providersOf(name: DeviceName): string[] {
  return name === "cpu" ? ["cpu"] : [name, "cpu"];
}

function tensorTree({ program, outputs }: Traced, arrays: ProgramArrays): unknown {
  const tensors = arrays.map((data, i): Tensor => tensorOf(data, program.outputs[i]));
  return unflatten(outputs, tensors);
}

function shapesByPath({ program, outputs }: Traced): Record<string, readonly number[]> {
  const places = program.outputs.map((_, i) => i);
  const isPlace = (value: unknown): value is number => typeof value === "number";
  const { paths } = flatten("output", unflatten(outputs, places), isPlace, "");
  return Object.fromEntries(paths.map((path, i) => [path, program.outputs[i].shape]));
}

async function dump(path: string, program: Program | undefined): Promise<void> {
  if (program === undefined) throw new Error("dumpModel: the function runs eagerly, there is no program");
  await writeFile(path, program.model);
}
