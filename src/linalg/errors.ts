/** A matrix whose Cholesky factor does not exist in floating point. */
export class NotPositiveDefiniteError extends Error {
  override readonly name = "NotPositiveDefiniteError";
  readonly argument: string;
  /** Row of the first pivot that is not positive, from 0. */
  readonly index: number;
  readonly value: number;

  constructor(argument: string, index: number, value: number, size: number) {
    super(
      `${argument}: expected a positive definite matrix, got one whose pivot ${index} of 0..${size - 1} is ${value} ` +
        `(for a Gram matrix: fewer functions, more samples or a larger ridge)`,
    );
    this.argument = argument;
    this.index = index;
    this.value = value;
  }
}
