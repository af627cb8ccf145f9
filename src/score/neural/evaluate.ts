import type { Tensor } from "@tensorflow/tfjs";
import { checkPoints } from "../../core/checks.js";
import { ArgumentError } from "../../core/errors.js";
import { compile, type CompiledFunction } from "../../engine/index.js";
import { inRows } from "../../linalg/in-rows.js";
import type { TimeScore } from "../../sde/index.js";
import { LEVEL_WIDTH, levelRows } from "./noise-levels.js";
import type { ScoreNet } from "./score-net.js";

/** Points of a call; smaller sets are filled up to a power of two, so that few programs are compiled. */
const CHUNK = 1024;
const LEAST = 16;

interface Inputs {
  readonly params: Tensor;
  readonly x: Tensor;
  readonly level: Tensor;
}

type Program = CompiledFunction<Inputs, Tensor>;

/** A maker of scores from parameters; programs are compiled once a size, for all parameters. */
export function evaluator(net: Omit<ScoreNet, "score">): (params: Float32Array) => TimeScore {
  const programs = new Map<number, Program>();
  const programFor = (rows: number): Program => {
    let program = programs.get(rows);
    if (program === undefined) programs.set(rows, (program = compileRows(net, rows)));
    return program;
  };
  return (params) => {
    if (!(params instanceof Float32Array) || params.length !== net.count) {
      throw new ArgumentError("params", params, `a Float32Array of ${net.count} parameters`);
    }
    return (t, x) => evaluate(net, programFor, params, t, x);
  };
}

function compileRows({ count, dim, scaled }: Omit<ScoreNet, "score">, rows: number): Program {
  const shapes = {
    params: { shape: [count] },
    x: { shape: [rows, dim] },
    level: { shape: [rows, LEVEL_WIDTH] },
  };
  return compile(({ params, x, level }: Inputs) => scaled(params, x, level), shapes);
}

/** √v s in float32 for chunks of points, divided by √v in float64. */
async function evaluate(
  { dim, process, dataScale }: Omit<ScoreNet, "score">,
  programFor: (rows: number) => Program,
  params: Float32Array,
  t: number,
  x: Float64Array,
): Promise<Float64Array> {
  const n = checkPoints("x", x, dim);
  const { variance } = process.marginal(t);
  if (!(variance > 0)) throw new ArgumentError("t", t, "a time with noise");
  const rows = n >= CHUNK ? CHUNK : Math.max(LEAST, 2 ** Math.ceil(Math.log2(n)));
  const program = programFor(rows);
  const level = Float32Array.from(levelRows(process, new Float64Array(rows).fill(t), dataScale));
  const call = (part: Float32Array) => program({ params, x: part, level }) as Promise<Float32Array>;
  const scaled = await inRows(x, { width: dim, rows }, call, new Float64Array(x.length));
  const std = Math.sqrt(variance);
  for (let k = 0; k < scaled.length; k++) scaled[k] /= std;
  return scaled;
}
