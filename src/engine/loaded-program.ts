import { ArgumentError } from "../core/errors.js";
import { allocate, OnnxSession, type ArrayValue, type SessionOptions } from "../onnx/session.js";
import { sizeOf } from "../onnx/graph.js";
import { cachedSession } from "./model-cache.js";
import type { ValueData } from "./ir/value.js";
import type { Program, TensorSpec } from "./program.js";

/** Entries of the inputs or outputs of a program, in their order. */
export type ProgramArrays = readonly ValueData[];

/** How a program is loaded. */
export interface LoadOptions extends SessionOptions {
  /** Keep the optimised program on disk (default true where no other option is given). */
  readonly cache?: boolean;
}

/** A program that is ready to run in this thread. `run` blocks it. */
export class LoadedProgram {
  readonly program: Program;
  private readonly session: OnnxSession;

  private constructor(program: Program, session: OnnxSession) {
    this.program = program;
    this.session = session;
  }

  /** Load a program into this thread; on the CPU from its optimised form on disk, unless `options.cache` is false. */
  static async load(program: Program, options: LoadOptions = {}): Promise<LoadedProgram> {
    const { cache = Object.keys(options).length === 0, ...session } = options;
    const { model } = program;
    const own = { ...program, model: model.buffer instanceof SharedArrayBuffer ? model.slice() : model };
    const created = cache ? await cachedSession(own) : await OnnxSession.create(own.model, session);
    return new LoadedProgram(program, created);
  }

  /**
   * Run the program.
   * @param inputs entries of every input, in the program's order
   * @param into arrays that take the outputs; by default new ones are made
   * @throws ArgumentError where the number or length of the arrays is wrong
   */
  async run(inputs: ProgramArrays, into?: ProgramArrays): Promise<ProgramArrays> {
    const { program, session } = this;
    const outputs = into ?? program.outputs.map(({ type, shape }) => allocate(type, shape) as ValueData);
    await session.run(arrange("inputs", program.inputs, inputs), arrange("into", program.outputs, outputs));
    return outputs;
  }

  /** Free the native memory. */
  async dispose(): Promise<void> {
    await this.session.dispose();
  }
}

function arrange(
  argument: string,
  specs: readonly TensorSpec[],
  arrays: ProgramArrays,
): Record<string, ArrayValue> {
  if (arrays.length !== specs.length) throw new ArgumentError(argument, arrays, `${specs.length} arrays`);
  return Object.fromEntries(
    specs.map(({ name, type, shape }, i) => {
      const data = arrays[i];
      if (data.length !== sizeOf(shape)) {
        throw new ArgumentError(
          `${argument}[${i}]`,
          data,
          `${sizeOf(shape)} entries for [${shape.join(", ")}]`,
        );
      }
      return [name, { type, shape, data }];
    }),
  );
}
