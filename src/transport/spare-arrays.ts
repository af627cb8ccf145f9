/** Arrays of a thread that wait for their next use: to make large ones anew for every block costs a collection of garbage now and then. */
const spare: Float64Array[] = [];
const MOST = 8;

/** An array of this length with whatever is in it, for `giveBack` when it is needed no more. */
export function borrow(length: number): Float64Array {
  const place = spare.findIndex((array) => array.length === length);
  return place < 0 ? new Float64Array(length) : spare.splice(place, 1)[0];
}

/** Keep an array for the next who borrows one of its length; of many the oldest are let go. */
export function giveBack(array: Float64Array): void {
  spare.push(array);
  if (spare.length > MOST) spare.shift();
}
