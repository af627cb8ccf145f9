import type { BackendValues, DataType, KernelConfig, Tensor, TensorInfo } from "@tensorflow/tfjs-core";
import { reshape } from "../ir/layout.js";
import { constant, knownData, type Value, type ValueData, type ValueType } from "../ir/value.js";
import type { Inputs } from "../lowerings/lowering.js";
import { lowerings } from "../lowerings/index.js";
import { TRACING_BACKEND } from "../tracing-flag.js";
import type { TensorFlow } from "../tfjs.js";
import { refuse } from "./refusal.js";
import { currentTracing, type Tracing } from "./tracing.js";

/** Operations that draw on tfjs's own random numbers: traced, they would give the same ones at every call. */
const RANDOM = /^(random|truncatedNormal|multinomial|dropout|rand_)/;

/**
 * Registers a tfjs backend that computes nothing: its tensors are descriptions of values, its kernels write nodes into
 * the graph of the program that is being traced.
 */
export function registerTracingBackend(tf: TensorFlow): void {
  if (tf.findBackendFactory(TRACING_BACKEND) != null) return;
  tf.registerBackend(TRACING_BACKEND, () => createBackend(tf), 0);
  const known = new Set(Object.keys(lowerings));
  for (const kernelName of known) tf.registerKernel(writer(tf, kernelName));
  for (const { kernelName } of tf.getKernelsForBackend("cpu")) {
    if (!known.has(kernelName)) tf.registerKernel(refuser(kernelName));
  }
}

function writer(tf: TensorFlow, kernelName: string): KernelConfig {
  const lower = lowerings[kernelName];
  return {
    kernelName,
    backendName: TRACING_BACKEND,
    kernelFunc: ({ inputs, attrs }) => {
      const tracing = currentTracing();
      const values = readInputs(tf, tracing, inputs as Record<string, Tensor | undefined>);
      const result = lower(tracing.scope, values, (attrs ?? {}) as never, tf);
      return Array.isArray(result)
        ? result.map((value) => describe(tracing, value))
        : describe(tracing, result);
    },
  };
}

function refuser(kernelName: string): KernelConfig {
  const kernelFunc = (): never =>
    refuse(`the operation ${kernelName}`, 'leave it out, or set options.fallback to "eager"');
  return { kernelName, backendName: TRACING_BACKEND, kernelFunc };
}

function readInputs(tf: TensorFlow, tracing: Tracing, inputs: Record<string, Tensor | undefined>): Inputs {
  const values: Record<string, Value> = {};
  for (const [name, tensor] of Object.entries(inputs)) {
    if (tensor === undefined || tensor === null) continue;
    if (tensor instanceof tf.Variable) {
      refuse(`the captured variable "${tensor.name}"`, "its value changes; pass it as an input");
    }
    tracing.noteUse(tensor);
    values[name] = valueOf(tf, tracing, tensor);
  }
  return values;
}

/** What is known about a tensor; one that was made outside of the program is a constant of it. */
export function valueOf(tf: TensorFlow, tracing: Tracing, tensor: TensorInfo): Value {
  const value = tracing.values.get(tensor.dataId) ?? captured(tf, tracing, tensor);
  return reshape(value, tensor.shape);
}

function captured(tf: TensorFlow, tracing: Tracing, { dataId, shape, dtype }: TensorInfo): Value {
  const owner = tf.engine().state.tensorInfo.get(dataId)?.backend;
  if (owner === undefined) refuse("a tensor that was disposed", "keep it, or pass it as an input");
  const data = owner.readSync(dataId) as ValueData;
  const value = constant(data.slice(), shape, numericType(dtype));
  tracing.values.set(dataId, value);
  return value;
}

/** Registers a value as the contents of a new tensor. */
export function describe(tracing: Tracing, value: Value): TensorInfo {
  const dataId = {};
  tracing.values.set(dataId, value);
  return { dataId, shape: [...value.shape], dtype: value.type };
}

function numericType(dtype: string): ValueType {
  if (dtype === "float32" || dtype === "int32" || dtype === "bool") return dtype;
  return refuse(`a tensor of type ${dtype}`, "use float32, int32 or bool");
}

function typed(values: ArrayLike<number>, type: ValueType): ValueData {
  if (type === "float32") return Float32Array.from(values);
  return type === "int32" ? Int32Array.from(values) : Uint8Array.from(values);
}

function createBackend(tf: TensorFlow): InstanceType<TensorFlow["KernelBackend"]> {
  class TracingBackend extends tf.KernelBackend {
    /** Entries given by the program: constants of it. */
    override write(values: BackendValues, shape: number[], dtype: DataType): object {
      const drawing = tf.engine().state.scopeStack.find((scope) => RANDOM.test(scope.name));
      if (drawing !== undefined) {
        refuse(
          `the random operation ${drawing.name.replace("__op", "")}`,
          "pass the numbers as an input, drawn by a key",
        );
      }
      const type = numericType(dtype);
      return describe(currentTracing(), constant(typed(values as ArrayLike<number>, type), shape, type))
        .dataId;
    }

    override readSync(dataId: object): ValueData {
      const value = currentTracing().values.get(dataId);
      const data = value === undefined ? undefined : knownData(value);
      return data ?? refuse("reading a tensor's entries", "they are known only when the program runs");
    }

    override read(dataId: object): Promise<ValueData> {
      return Promise.resolve(this.readSync(dataId));
    }

    override disposeData(): boolean {
      return true;
    }

    override numDataIds(): number {
      return 0;
    }

    override incRef(): void {}

    override refCount(): number {
      return 1;
    }

    override memory(): { unreliable: boolean } {
      return { unreliable: true };
    }

    override timerAvailable(): boolean {
      return false;
    }

    override floatPrecision(): 16 | 32 {
      return 32;
    }

    override epsilon(): number {
      return 1e-7;
    }

    override dispose(): void {}
  }
  return new TracingBackend();
}
