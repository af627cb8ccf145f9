/** A potential on the line, with the formula that it stands for. */
export interface Potential {
  /** V(x) */
  value(x: number): number;
  /** V'(x) */
  derivative(x: number): number;
  /** V as plain text, such as "(1 - x^2)^2". */
  readonly text: string;
  /** V as TeX, where it is known. */
  readonly tex?: string;
}
