/** Exact scores of noised data points. */
export { empirical, type Empirical, type EmpiricalOptions } from "./empirical.js";
