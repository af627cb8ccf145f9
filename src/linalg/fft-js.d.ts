declare module "fft.js" {
  /** Complex transforms of one length; numbers are interleaved, real part first. */
  export default class FFT {
    constructor(size: number);
    transform(out: Float64Array, data: Float64Array): void;
  }
}
