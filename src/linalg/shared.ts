/** The array itself where its memory is shared between threads, else a copy that is. */
export function shared(a: Float64Array): Float64Array {
  if (a.buffer instanceof SharedArrayBuffer) return a;
  const copy = allocateShared(a.length);
  copy.set(a);
  return copy;
}

export function allocateShared(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(8 * length));
}
