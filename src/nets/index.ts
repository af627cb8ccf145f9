/** Architectures and initialisers: parameters are one flat vector, nets are functions of it in tfjs ops. */
export { activation, type Activation, type ActivationFunction, type ActivationName } from "./activations.js";
export { combine, type Combined } from "./combine.js";
export { oneHot } from "./one-hot.js";
export { filmMlp, type FilmMlp, type FilmMlpOptions } from "./film-mlp.js";
export {
  fourierMlp,
  timeNet,
  type FourierMlp,
  type FourierMlpOptions,
  type TimeNetOptions,
} from "./fourier-mlp.js";
export {
  constant,
  fansOf,
  kaimingNormal,
  kaimingUniform,
  normal,
  uniform,
  xavierNormal,
  xavierUniform,
  zeros,
  type Fans,
  type Initialiser,
} from "./initialisers.js";
export { linear, net, type LayerInit, type LinearOptions, type Net } from "./linear.js";
export { mlp, type MlpOptions } from "./mlp.js";
export {
  flatten,
  pack,
  parametrised,
  prefixed,
  unflatten,
  views,
  type NamedArrays,
  type NamedTensors,
  type Param,
  type Parametrised,
  type ParamSpec,
  type ParamTensors,
} from "./params.js";
export { residualMlp, type ResidualMlpOptions } from "./residual-mlp.js";
export {
  fourierFeatures,
  sinusoidal,
  type FourierFeaturesOptions,
  type SinusoidalOptions,
  type TimeFeatures,
} from "./time-features.js";
export { loadParams, saveParams } from "./weights.js";
export { fno, type Fno, type FnoOptions } from "./fno/fno.js";
