import { ArgumentError } from "../core/errors.js";
import {
  parametrised,
  prefixed,
  unflatten,
  type NamedTensors,
  type Parametrised,
  type ParamTensors,
} from "./params.js";

/** Several nets whose parameters lie one after the other in one flat vector. */
export interface Combined<Parts extends Readonly<Record<string, Parametrised>>> extends Parametrised {
  readonly parts: Parts;
  /** What each part's `apply` takes, in tfjs ops. @throws ArgumentError where the vector has another shape */
  readonly split: (params: ParamTensors) => { readonly [Name in keyof Parts]: NamedTensors };
  /** Where a part lies in the flat vector: from `start` up to, not including, `end`. */
  readonly range: (name: keyof Parts & string) => { readonly start: number; readonly end: number };
}

/**
 * One vector for several nets: names become `part.name`, and `split` gives each net its own parameters.
 * @throws ArgumentError for no parts at all
 * @example
 * const model = combine({ drift: mlp({ sizes: [2, 64, 2] }), gate: timeNet() });
 * const { drift, gate } = model.split(params);
 */
export function combine<Parts extends Readonly<Record<string, Parametrised>>>(parts: Parts): Combined<Parts> {
  const names = Object.keys(parts);
  if (names.length === 0) throw new ArgumentError("parts", parts, "at least one net");
  const starts: Record<string, number> = {};
  let end = 0;
  for (const name of names) {
    starts[name] = end;
    end += parts[name].count;
  }
  const base = parametrised(names.flatMap((name) => prefixed(name, parts[name].spec)));
  return {
    ...base,
    parts,
    split(params) {
      const all = unflatten(base.spec, params);
      const split = Object.fromEntries(names.map((name) => [name, scope(name, parts[name], all)]));
      return split as { readonly [Name in keyof Parts]: NamedTensors };
    },
    range: (name) => ({ start: starts[name], end: starts[name] + parts[name].count }),
  };
}

/** The tensors of one part, under the part's own names. */
function scope(prefix: string, { spec }: Parametrised, all: NamedTensors): NamedTensors {
  return Object.fromEntries(spec.map(({ name }) => [name, all[`${prefix}.${name}`]]));
}
