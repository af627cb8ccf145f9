import type { Tensor } from "@tensorflow/tfjs";
import { ArgumentError, unknownName } from "../core/errors.js";
import { checkInteger } from "../core/checks.js";
import { foldIn, type Key } from "../random/index.js";
import type { Initialiser } from "./initialisers.js";

/** One named array of parameters and what it starts as. */
export interface Param {
  readonly name: string;
  readonly shape: readonly number[];
  readonly init: Initialiser;
}

/** The parameters of a net in the order in which they lie in its flat vector. */
export type ParamSpec = readonly Param[];

/** Something with parameters. They are one flat vector of `count` numbers everywhere outside of `apply`. */
export interface Parametrised {
  readonly spec: ParamSpec;
  readonly count: number;
  /** First values: array i of the spec is drawn with `foldIn(key, i)`. */
  readonly init: (key: Key) => Float32Array;
}

/** Named values of one flat vector, and their shapes. */
export type NamedArrays = Readonly<
  Record<string, { readonly shape: readonly number[]; readonly data: Float32Array }>
>;

/** Numbers in an array of that shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, extent) => size * extent, 1);
}

/** Parameters from their specification. @throws ArgumentError for a name used twice or a shape that is none */
export function parametrised(spec: ParamSpec): Parametrised {
  const names = new Set<string>();
  for (const { name, shape } of spec) {
    if (names.has(name)) throw new ArgumentError("spec", name, "every name once");
    names.add(name);
    shape.forEach((extent, axis) => checkInteger(`spec["${name}"].shape[${axis}]`, extent, { min: 1 }));
  }
  const count = spec.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return { spec, count, init: (key) => initialise(spec, count, key) };
}

function initialise(spec: ParamSpec, count: number, key: Key): Float32Array {
  const values = new Float32Array(count);
  let offset = 0;
  spec.forEach(({ shape, init }, i) => {
    values.set(init(foldIn(key, i), shape), offset);
    offset += sizeOf(shape);
  });
  return values;
}

/** The same parameters under longer names, `prefix.name`. */
export function prefixed(prefix: string, spec: ParamSpec): ParamSpec {
  return spec.map((param) => ({ ...param, name: `${prefix}.${param.name}` }));
}

/**
 * Named windows on a flat vector: writing to one writes to the vector.
 * @throws ArgumentError where the vector has another length
 */
export function views(spec: ParamSpec, values: Float32Array): NamedArrays {
  const { count } = parametrised(spec);
  if (!(values instanceof Float32Array) || values.length !== count) {
    throw new ArgumentError("values", values, `a Float32Array of ${count} parameters`);
  }
  let offset = 0;
  const entries = spec.map(({ name, shape }) => {
    const data = values.subarray(offset, (offset += sizeOf(shape)));
    return [name, { shape, data }] as const;
  });
  return Object.fromEntries(entries);
}

/**
 * A flat vector from named arrays, as a file of weights holds them.
 * @throws ArgumentError for a missing, superfluous or misshapen array
 */
export function pack(spec: ParamSpec, arrays: NamedArrays): Float32Array {
  const values = new Float32Array(parametrised(spec).count);
  const known = spec.map(({ name }) => name);
  for (const name of Object.keys(arrays)) if (!known.includes(name)) throw unknownName("arrays", name, known);
  for (const [name, { shape, data }] of Object.entries(views(spec, values))) {
    const given = arrays[name] as NamedArrays[string] | undefined;
    if (given === undefined) throw new ArgumentError("arrays", arrays, `an array named "${name}"`);
    if (String(given.shape) !== String(shape) || given.data.length !== data.length) {
      throw new ArgumentError(`arrays["${name}"]`, given.shape.join(" × "), `the shape ${shape.join(" × ")}`);
    }
    data.set(given.data);
  }
  return values;
}

/** Parameters inside of a tfjs program: the flat vector, or the named tensors that `unflatten` makes of it. */
export type ParamTensors = Tensor | NamedTensors;

/** Tensors by the names of a specification. */
export type NamedTensors = Readonly<Record<string, Tensor>>;

/**
 * The named tensors of a flat one, in tfjs ops: usable eagerly, under `tf.grad`, and in functions that are compiled.
 * It is a single Split, whose gradient is a single Concat; tensors that are named already are returned as they are.
 * @throws ArgumentError where the vector has another shape, or a name is missing
 */
export function unflatten(spec: ParamSpec, params: ParamTensors): NamedTensors {
  if (!isTensor(params)) return checkNames(spec, params);
  const sizes = spec.map(({ shape }) => sizeOf(shape));
  const count = sizes.reduce((sum, size) => sum + size, 0);
  if (params.rank !== 1 || params.size !== count) {
    const given = `a tensor of shape [${params.shape.join(", ")}]`;
    throw new ArgumentError("params", given, `a flat vector of ${count} parameters`);
  }
  const parts = sizes.length === 1 ? [params] : params.split(sizes, 0);
  const entries = spec.map(({ name, shape }, i) => {
    return [name, shape.length === 1 ? parts[i] : parts[i].reshape([...shape])] as const;
  });
  return Object.fromEntries(entries);
}

/** The flat vector of named tensors, in tfjs ops: the inverse of `unflatten`. @throws ArgumentError for a missing tensor */
export function flatten(spec: ParamSpec, tensors: NamedTensors): Tensor {
  checkNames(spec, tensors);
  const parts = spec.map(({ name, shape }) => tensors[name].reshape([sizeOf(shape)]));
  return parts.length === 1 ? parts[0] : parts[0].concat(parts.slice(1), 0);
}

function isTensor(params: ParamTensors): params is Tensor {
  return typeof (params as Tensor).dtype === "string";
}

function checkNames(spec: ParamSpec, tensors: NamedTensors): NamedTensors {
  for (const { name } of spec) {
    if (!(name in tensors)) throw new ArgumentError("params", tensors, `a tensor named "${name}"`);
  }
  return tensors;
}
