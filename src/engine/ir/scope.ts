import type { Attribute, DataArray, DataType } from "../../onnx/graph.js";
import { named, type NamedValue, type ValueType } from "./value.js";

/** A value that has a name, and the depth of the scope that defines it. */
export interface Operand {
  readonly name: string;
  readonly depth: number;
}

/** The loop of a Scan node: what every step computes. */
export interface ScanBody {
  /** The carried values, then one entry of everything that is scanned. */
  readonly inputs: readonly NamedValue[];
  readonly nodes: readonly IrNode[];
  /** The next carried values, then what every step yields. */
  readonly outputs: readonly NamedValue[];
  readonly numCarried: number;
  /** From the last entry to the first. */
  readonly reverse: boolean;
}

export interface IrNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly body?: ScanBody;
}

export interface IrConstant {
  readonly name: string;
  readonly type: DataType;
  readonly shape: readonly number[];
  readonly data: DataArray;
}

/** What the scopes of one program share. */
interface Root {
  count: number;
  /** Shapes of values, by name. */
  readonly shapes: Map<string, readonly number[]>;
  readonly constants: IrConstant[];
  readonly constantNames: Map<string, string>;
}

/** Constants up to this many entries are compared by their entries; larger ones by the identity of their array. */
const COMPARED = 64;

/** A graph under construction: the program itself, or the body of a loop inside of it. */
export class Scope {
  readonly parent: Scope | undefined;
  readonly depth: number;
  readonly nodes: IrNode[] = [];
  readonly inputs: NamedValue[] = [];
  /** Results by what computes them, so that nothing is computed twice. */
  private readonly known = new Map<string, readonly NamedValue[]>();
  private readonly root: Root;
  private readonly identities = new WeakMap<object, string>();

  constructor(parent?: Scope) {
    this.parent = parent;
    this.depth = parent === undefined ? 0 : parent.depth + 1;
    this.root = parent?.root ?? { count: 0, shapes: new Map(), constants: [], constantNames: new Map() };
  }

  /** Constants of the whole program. */
  get constants(): readonly IrConstant[] {
    return this.root.constants;
  }

  /** Shapes of the program's values, by name; those of a loop's results are not among them. */
  get shapes(): ReadonlyMap<string, readonly number[]> {
    return this.root.shapes;
  }

  /** Declare the next input. */
  input(name: string, type: ValueType, shape: readonly number[]): NamedValue {
    const value = named(name, type, shape, this.depth);
    this.inputs.push(value);
    this.root.shapes.set(name, shape);
    return value;
  }

  /** A name that nothing has yet. */
  fresh(): string {
    return `v${++this.root.count}`;
  }

  /** The name of a constant, the same for the same entries. */
  constant(data: DataArray, shape: readonly number[], type: DataType): Operand {
    const what = data.length <= COMPARED ? entries(data) : this.identity(data);
    const key = `${type} ${shape.join()} ${what}`;
    let name = this.root.constantNames.get(key);
    if (name === undefined) {
      name = this.fresh();
      this.root.constantNames.set(key, name);
      this.root.constants.push({ name, type, shape, data });
      this.root.shapes.set(name, shape);
    }
    return { name, depth: 0 };
  }

  /** Whole numbers as the int64 vector that arguments of shape are. */
  integers(values: readonly number[]): Operand {
    return this.constant(BigInt64Array.from(values, BigInt), [values.length], "int64");
  }

  /** The result of an operation. It is placed in the outermost scope that has all its inputs: loops do no work twice. */
  emit(
    op: string,
    inputs: readonly Operand[],
    type: ValueType,
    shape: readonly number[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): NamedValue {
    return this.emitMany(op, inputs, type, [shape], attributes)[0];
  }

  /** The results of an operation with several outputs. */
  emitMany(
    op: string,
    inputs: readonly Operand[],
    type: ValueType,
    shapes: readonly (readonly number[])[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): readonly NamedValue[] {
    const home = this.ancestor(Math.max(0, ...inputs.map((input) => input.depth)));
    const names = inputs.map((input) => input.name);
    const key = `${op} ${names.join()} ${JSON.stringify(attributes)}`;
    const found = home.find(key);
    if (found !== undefined) return found;
    const results = shapes.map((shape) => named(this.fresh(), type, shape, home.depth));
    home.nodes.push({ op, inputs: names, outputs: results.map((result) => result.name), attributes });
    home.known.set(key, results);
    results.forEach(({ name, shape }) => this.root.shapes.set(name, shape));
    return results;
  }

  /** Append a node that is not compared with others. */
  append(node: IrNode): void {
    this.nodes.push(node);
  }

  /** Results remembered under a key of the caller's, here or around. */
  find(key: string): readonly NamedValue[] | undefined {
    return this.known.get(key) ?? this.parent?.find(key);
  }

  remember(key: string, results: readonly NamedValue[]): void {
    this.known.set(key, results);
  }

  /** The enclosing scope of a depth. */
  ancestor(depth: number): Scope {
    return depth >= this.depth || this.parent === undefined ? this : this.parent.ancestor(depth);
  }

  private identity(data: DataArray): string {
    const top = this.ancestor(0);
    let identity = top.identities.get(data);
    if (identity === undefined) {
      identity = `#${++this.root.count}`;
      top.identities.set(data, identity);
    }
    return identity;
  }
}

function entries(data: DataArray): string {
  return Array.from(data as ArrayLike<number | bigint>, (x) => (Object.is(x, -0) ? "-0" : String(x))).join();
}
