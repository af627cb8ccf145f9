import type { InferenceSession, Tensor } from "onnxruntime-node";
import { ArgumentError } from "../core/errors.js";
import { sizeOf, type DataArray, type DataType, type DataTypeArrays } from "./graph.js";
import { native } from "./native-gate.js";
import { onnxRuntime } from "./runtime.js";

/** A dense array with its shape, in and out of a session. */
export interface ArrayValue {
  readonly type: DataType;
  readonly shape: readonly number[];
  readonly data: DataArray;
}

/** How a session is made. */
export interface SessionOptions {
  /** Threads of a single operation; the library runs one session a thread instead (default 1). */
  readonly threads?: number;
  /** Execution providers in order of preference (default CPU only). */
  readonly providers?: readonly string[];
  /** Keep freed memory for the next run (default true). */
  readonly arena?: boolean;
  /** Rewrite the graph for speed (default true); a model that was optimised before needs it no more. */
  readonly optimise?: boolean;
  /** Write the optimised model to this file. */
  readonly optimisedModelPath?: string;
}

const ARRAYS: { readonly [T in DataType]: new (length: number) => DataTypeArrays[T] } = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
  uint8: Uint8Array,
};

/** A zeroed array for elements of a type. */
export function allocate(type: DataType, shape: readonly number[]): DataArray {
  return new ARRAYS[type](sizeOf(shape));
}

/** A loaded model. `run` blocks the thread it is called on. */
export class OnnxSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  private readonly inner: InferenceSession;

  private constructor(inner: InferenceSession) {
    this.inner = inner;
    this.inputNames = inner.inputNames;
    this.outputNames = inner.outputNames;
  }

  /** Load a model from its bytes. @throws Error with ONNX Runtime's message for an invalid model */
  static async create(model: Uint8Array, options: SessionOptions = {}): Promise<OnnxSession> {
    const { threads = 1, providers = ["cpu"], arena = true, optimise = true, optimisedModelPath } = options;
    const sessionOptions: InferenceSession.SessionOptions = {
      executionProviders: [...providers],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: "sequential",
      graphOptimizationLevel: optimise ? "all" : "disabled",
      ...(optimisedModelPath === undefined ? {} : { optimizedModelFilePath: optimisedModelPath }),
      enableCpuMemArena: arena,
      logSeverityLevel: 3,
    };
    const inner = await native(() => onnxRuntime().InferenceSession.create(model, sessionOptions));
    return new OnnxSession(inner);
  }

  /**
   * Run the model.
   * @param feeds a value for every input
   * @param into arrays that take the outputs of the same names; the others are allocated
   * @returns every output, by name
   * @throws ArgumentError for a missing input
   */
  async run(
    feeds: Readonly<Record<string, ArrayValue>>,
    into: Readonly<Record<string, ArrayValue>> = {},
  ): Promise<Record<string, ArrayValue>> {
    const tensors: Record<string, Tensor> = {};
    for (const name of this.inputNames) {
      if (!(name in feeds)) throw new ArgumentError("feeds", feeds, `a value for the input "${name}"`);
      tensors[name] = toTensor(feeds[name]);
    }
    const fetches: Record<string, Tensor | null> = {};
    for (const name of this.outputNames) fetches[name] = name in into ? toTensor(into[name]) : null;
    const results = await native(() => this.inner.run(tensors, fetches));
    return Object.fromEntries(this.outputNames.map((name) => [name, fromTensor(results[name])]));
  }

  /** Free the native memory. */
  async dispose(): Promise<void> {
    await native(() => this.inner.release());
  }
}

/** The runtime refuses shared memory: such an array is copied, so it can be read but not written. */
function toTensor({ type, shape, data }: ArrayValue): Tensor {
  const { Tensor } = onnxRuntime();
  return new Tensor(type, data.buffer instanceof SharedArrayBuffer ? data.slice() : data, shape);
}

function fromTensor(tensor: Tensor): ArrayValue {
  return { type: tensor.type as DataType, shape: tensor.dims, data: tensor.data as DataArray };
}
