import type { Tensor } from "@tensorflow/tfjs";
import { ArgumentError } from "../../core/errors.js";
import { sizeOf } from "../../onnx/graph.js";
import { expand, reshape } from "../ir/layout.js";
import { operand } from "../ir/materialise.js";
import { Scope, type Operand } from "../ir/scope.js";
import { sameShape } from "../ir/shapes.js";
import { named, uniform, type NamedValue, type Value } from "../ir/value.js";
import type { EmittedLoop } from "../lowerings/loops.js";
import type { TensorFlow } from "../tfjs.js";
import { describe, valueOf } from "../trace/backend.js";
import { currentTracing, withTracing, type Tracing } from "../trace/tracing.js";

/** One step of a loop on the leaves of its trees. */
export interface FlatStep {
  /** @returns the next carried tensors and what the step yields */
  (carry: Tensor[], x: Tensor[]): { readonly carry: Tensor[]; readonly yields: Tensor[] };
}

/** What a loop runs over. */
export interface LoopInputs {
  readonly init: readonly Tensor[];
  readonly xs: readonly Tensor[];
  readonly length: number;
  readonly reverse: boolean;
}

let count = 0;

/** The body of a loop, traced once: a graph of its own, and the tensors that it reads from around it. */
export class TracedLoop implements EmittedLoop {
  readonly step: FlatStep;
  readonly numCarried: number;
  readonly numScanned: number;
  readonly length: number;
  readonly reverse: boolean;
  readonly captured: readonly Tensor[];
  /** The next carried values, what a step yields, and the carried values before the step. */
  private readonly outputs: readonly NamedValue[];
  private readonly body: Scope;
  /** Places of the scanned inputs that the body gets entry by entry; the others are the same at every step. */
  private readonly varying: readonly number[];
  private readonly key = `scan ${++count}`;

  constructor(tf: TensorFlow, step: FlatStep, inputs: LoopInputs) {
    const around = currentTracing();
    const { init, xs } = inputs;
    this.step = step;
    this.numCarried = init.length;
    this.numScanned = xs.length;
    this.length = inputs.length;
    this.reverse = inputs.reverse;
    this.body = new Scope(around.scope);
    const scanned = xs.map((x) => valueOf(tf, around, x));
    this.varying = scanned.flatMap((value, place) => (invariantEntry(value) === undefined ? [place] : []));
    const traced = this.traceBody(tf, around, init, scanned);
    this.outputs = traced.outputs;
    this.captured = traced.captured;
  }

  private traceBody(
    tf: TensorFlow,
    around: Tracing,
    init: readonly Tensor[],
    scanned: readonly Value[],
  ): { outputs: NamedValue[]; captured: Tensor[] } {
    const uses = new Map<number, Tensor>();
    const tracing: Tracing = {
      ...around,
      scope: this.body,
      noteUse: (tensor) => uses.set(tensor.id, tensor),
    };
    return withTracing(tracing, () =>
      withoutTape(tf, () => {
        const firstId = nextTensorId(tf);
        const make = (value: Value): Tensor => tf.engine().makeTensorFromTensorInfo(describe(tracing, value));
        const carried = init.map((t) =>
          this.body.input(this.body.fresh(), valueOf(tf, around, t).type, t.shape),
        );
        const entries = scanned.map((value) => invariantEntry(value) ?? this.entryInput(value));
        const before = carried.map(make);
        const result = this.step(before, entries.map(make));
        checkCarry(init, result.carry);
        const values = [...result.carry, ...result.yields].map((tensor) => valueOf(tf, tracing, tensor));
        const captured = [...uses.values()].filter((tensor) => tensor.id < firstId);
        return {
          outputs: [...values, ...carried].map((value) => this.bodyOutput(value)),
          captured: captured.filter((t) => isVariable(valueOf(tf, around, t))),
        };
      }),
    );
  }

  private entryInput(value: Value): Value {
    return this.body.input(this.body.fresh(), value.type, value.shape.slice(1));
  }

  /** A body's outputs are its own nodes, not its inputs or values of the graph around it. */
  private bodyOutput(value: Value): NamedValue {
    const { name } = operand(this.body, value);
    const output = named(this.body.fresh(), value.type, value.shape, this.body.depth);
    this.body.append({ op: "Identity", inputs: [name], outputs: [output.name], attributes: {} });
    return output;
  }

  /** The results of the loop in a scope: last carried values, all yields, all carried values before their step. */
  emit(scope: Scope, inputs: readonly Value[]): Value[] {
    const init = inputs.slice(0, this.numCarried).map((value) => operand(scope, value));
    const sequences = this.varying.map((place) => operand(scope, inputs[this.numCarried + place]));
    if (sequences.length === 0) sequences.push(this.clock(scope));
    const operands = [...init, ...sequences].map(({ name }) => name);
    const key = `${this.key} ${operands.join()}`;
    const known = scope.find(key);
    if (known !== undefined) return [...known];
    const results = this.outputs.map((output, place) => {
      const shape = place < this.numCarried ? output.shape : [this.length, ...output.shape];
      return named(scope.fresh(), output.type, shape, scope.depth);
    });
    scope.append({
      op: "Scan",
      inputs: operands,
      outputs: results.map(({ name }) => name),
      attributes: {},
      body: {
        inputs: this.body.inputs,
        nodes: this.body.nodes,
        outputs: this.outputs,
        numCarried: this.numCarried,
        reverse: this.reverse,
      },
    });
    scope.remember(key, results);
    return results;
  }

  /** Something to count the steps by, where nothing changes from one to the next. */
  private clock(scope: Scope): Operand {
    if (this.body.inputs.length === this.numCarried) this.body.input(this.body.fresh(), "float32", []);
    return operand(scope, expand(uniform(0, []), [this.length]));
  }
}

/** The one entry of a value whose entries along the first axis are all the same. */
function invariantEntry(value: Value): Value | undefined {
  const shape = value.shape.slice(1);
  if (value.kind === "uniform") return { ...value, shape };
  if (value.kind !== "expanded") return undefined;
  const front = value.shape.length - value.of.shape.length;
  if (front > 0) return expand(value.of, shape);
  return value.of.shape[0] === 1 ? expand(reshape(value.of, value.of.shape.slice(1)), shape) : undefined;
}

function isVariable(value: Value): boolean {
  return (
    value.type === "float32" &&
    value.kind !== "constant" &&
    value.kind !== "uniform" &&
    sizeOf(value.shape) > 0
  );
}

/** @throws ArgumentError where the carried tensors change type, shape or number from step to step */
export function checkCarry(init: readonly Tensor[], next: readonly Tensor[]): void {
  const text = ({ dtype, shape }: Tensor): string => `${dtype} of shape [${shape.join(", ")}]`;
  if (init.length !== next.length) throw new ArgumentError("body", next, `${init.length} carried tensors`);
  init.forEach((tensor, i) => {
    if (tensor.dtype !== next[i].dtype || !sameShape(tensor.shape, next[i].shape)) {
      throw new ArgumentError(`body: carried tensor ${i}`, text(next[i]), `${text(tensor)}, as it starts`);
    }
  });
}

/** A loop's body is differentiated by itself: what is recorded around it must neither be used nor written to. */
function withoutTape<T>(tf: TensorFlow, body: () => T): T {
  const { state } = tf.engine();
  const { gradientDepth, kernelDepth, activeTape } = state;
  Object.assign(state, { gradientDepth: 0, kernelDepth: 0, activeTape: null });
  try {
    let result: T | undefined;
    tf.tidy(() => {
      result = body();
    });
    return result as T;
  } finally {
    Object.assign(state, { gradientDepth, kernelDepth, activeTape });
  }
}

/** tfjs numbers its tensors: those made from now on have this number or a larger one. */
function nextTensorId(tf: TensorFlow): number {
  return (tf.engine() as unknown as { nextTensorId(): number }).nextTensorId();
}
