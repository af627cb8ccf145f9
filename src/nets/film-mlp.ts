import type { Tensor } from "@tensorflow/tfjs";
import { checkInteger } from "../core/checks.js";
import { activation as activationOf, type Activation } from "./activations.js";
import { combine } from "./combine.js";
import { zeros } from "./initialisers.js";
import { linear } from "./linear.js";
import { mlp } from "./mlp.js";
import type { NamedTensors, Parametrised, ParamTensors } from "./params.js";

/** Options of `filmMlp`. */
export interface FilmMlpOptions {
  readonly inputs: number;
  /** Columns of the condition. */
  readonly conditions: number;
  /** Default inputs. */
  readonly outputs?: number;
  /** Default 256. */
  readonly width?: number;
  /** Default 3. */
  readonly blocks?: number;
  /** Width of what is made of the condition; default 64. */
  readonly embedding?: number;
  /** Default "silu". */
  readonly activation?: Activation;
}

/** A net of points and what they depend on. */
export interface FilmMlp extends Parametrised {
  /** x [n, inputs] and c [n, conditions] to [n, outputs]. @throws ArgumentError for other shapes */
  readonly apply: (params: ParamTensors, x: Tensor, c: Tensor) => Tensor;
}

/**
 * A residual perceptron that a condition modulates in every block:
 *
 *   z = x W_in + b_in,  z ← z + a((1 + g_l(c)) (z W_l + b_l) + s_l(c)) V_l + d_l,  result z W_out + b_out
 *
 * with (g, s) = a perceptron of c. It is zero at the start: the last layer's weights and bias are. Sources: He et al. (2016) for the
 * blocks; Perez et al. (2018) for the modulation.
 * @throws ArgumentError
 */
export function filmMlp(options: FilmMlpOptions): FilmMlp {
  const { inputs, conditions, outputs = inputs, width = 256, blocks = 3, embedding = 64 } = options;
  checkInteger("conditions", conditions, { min: 1 });
  checkInteger("width", width, { min: 1 });
  checkInteger("blocks", blocks, { min: 1 });
  checkInteger("embedding", embedding, { min: 1 });
  const activation = options.activation ?? "silu";
  const act = activationOf(activation);
  const layer = (): ReturnType<typeof linear> => linear({ inputs: width, outputs: width });
  const film = mlp({ sizes: [conditions, embedding, embedding, 2 * blocks * width], activation });
  const inner = Object.fromEntries(
    Array.from({ length: 2 * blocks }, (_, l) => [`layers.${l}`, layer()] as const),
  );
  const model = combine({
    input: linear({ inputs, outputs: width }),
    film,
    ...inner,
    output: linear({ inputs: width, outputs, weight: zeros(), bias: zeros() }),
  });
  const { spec, count, init, parts } = model;
  return {
    spec,
    count,
    init,
    apply(params, x, c) {
      const of = model.split(params) as Readonly<Record<string, NamedTensors>>;
      const modulation = film.apply(of.film, c).split(2 * blocks, 1);
      let z = parts.input.apply(of.input, x);
      for (let b = 0; b < blocks; b++) {
        const [gain, shift] = [modulation[2 * b], modulation[2 * b + 1]];
        const inside = inner[`layers.${2 * b}`].apply(of[`layers.${2 * b}`], z);
        const lit = act(inside.mul(gain.add(1)).add(shift));
        z = z.add(inner[`layers.${2 * b + 1}`].apply(of[`layers.${2 * b + 1}`], lit));
      }
      return parts.output.apply(of.output, z);
    },
  };
}
